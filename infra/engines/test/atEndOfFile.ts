import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from '@jest/globals';

const closes: (() => Promise<unknown>)[] = [];
const folders: string[] = [];

afterAll(async () => {
  for (const close of closes.splice(0).reverse()) await close();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}, 300_000);

/** Closes something after the tests of the file, in reverse order. */
export const atEndOfFile = (close: () => Promise<unknown>): void => void closes.push(close);

/** A new folder that is deleted after the tests of the file, when everything else is closed. */
export const temporaryFolder = async (prefix: string): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), prefix));
  folders.push(folder);
  return folder;
};
