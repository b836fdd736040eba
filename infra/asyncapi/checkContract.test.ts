import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DOCUMENT } from './contractFiles.mjs';

type Edit = (document: { info: { version: string }; channels: { events: Record<string, never> } }) => unknown;

const program = join(import.meta.dirname, 'checkContract.mjs');
let folder: string;

/** Runs the check on the document as release 1.9.0, and on a copy that was edited. */
const check = async (edit: Edit, ...options: string[]) => {
  const released = JSON.parse(await readFile(DOCUMENT, 'utf8'));
  released.info.version = '1.9.0';
  const current = structuredClone(released);
  edit(current);
  const paths = [join(folder, 'released.json'), join(folder, 'asyncapi.json')] as const;
  await writeFile(paths[0], JSON.stringify(released));
  await writeFile(paths[1], JSON.stringify(current));
  const { code, stdout, stderr } = await promisify(execFile)(process.execPath, [program, ...options, ...paths]).then(
    (output) => ({ code: 0, ...output }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
  const storedVersion = JSON.parse(await readFile(paths[0], 'utf8')).info.version;
  return { code, stdout, stderr, storedVersion };
};

const addPromise: Edit = (document) => Object.assign(document.channels.events['x-promises'] ?? {}, { speed: 'Fast.' });
const raiseVersion: Edit = (document) => Object.assign(document.info, { version: '1.10.0' });

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-contract-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('contract:check', () => {
  it('accepts the contract in the repository', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [program]);
    expect(stdout).toMatch(/^(The contract is that of release|Version .* breaks no consumer of release) /);
  });

  it('accepts an unchanged contract', async () => {
    const { code, stdout } = await check(() => undefined);
    expect([code, stdout]).toEqual([0, 'The contract is that of release 1.9.0.\n']);
  });

  it('refuses a breaking change with exit code 1, lists it and releases nothing', async () => {
    const edit: Edit = (document) => [raiseVersion(document), Object.assign(document.channels, { replay: undefined })];
    const { code, stderr, storedVersion } = await check(edit, '--release');
    expect([code, storedVersion]).toEqual([1, '1.9.0']);
    expect(stderr).toContain('  users.events.v1.replay: removed\n');
  });

  it('refuses a compatible change without a higher version', async () => {
    const { code, stderr } = await check(addPromise, '--release');
    expect([code, stderr]).toEqual([1, expect.stringContaining('raise VERSION')]);
    expect(stderr).toContain('  users.events.v1: promise speed: added\n');
  });

  it('accepts a compatible change with a higher version, and stores it as released when asked to', async () => {
    const edit: Edit = (document) => [raiseVersion(document), addPromise(document)];
    const checked = await check(edit);
    expect([checked.code, checked.storedVersion]).toEqual([0, '1.9.0']);
    expect(checked.stdout).toContain('Version 1.10.0 breaks no consumer of release 1.9.0');
    expect(await check(edit, '--release')).toMatchObject({ code: 0, storedVersion: '1.10.0' });
  });
});
