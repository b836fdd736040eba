import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeOf } from '@ums/kit/postgres/errors';
import { EngineFailed } from '../engineFailed.js';
import { undefinedIfMissing } from '../undefinedIfMissing.js';
import { writePrivateFile } from './writePrivateFile.js';

/** A C2SP verifier key. */
const VERIFIER_KEY = /^[^\s+]+\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}$/gm;

const pathIn = (dataDir: string): string => join(dataDir, 'notary.pub');

/**
 * The public keys of the notary as C2SP verifier keys, the one that signs first; none without the file. Other lines are left out.
 *
 * @throws EngineFailed with one sentence that names the file.
 */
export const readNotaryKeys = async (dataDir: string): Promise<string[]> => {
  const path = pathIn(dataDir);
  try {
    return (await readFile(path, 'utf8').catch(undefinedIfMissing))?.match(VERIFIER_KEY) ?? [];
  } catch (error) {
    throw new EngineFailed(`${path} cannot be read (${codeOf(error) ?? 'unknown error'}).`, { cause: error });
  }
};

/**
 * Writes the public keys of the notary, and below them those that the file had before: checkpoints and receipts of former keys are
 * verified with the file as well.
 *
 * @throws EngineFailed with one sentence that names the file.
 */
export const writeNotaryKeys = async (dataDir: string, current: readonly string[]): Promise<void> => {
  const lines = new Set([...current, ...(await readNotaryKeys(dataDir))]);
  await writePrivateFile(pathIn(dataDir), [...lines].map((line) => `${line}\n`).join(''));
};
