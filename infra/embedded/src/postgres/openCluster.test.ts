import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openCluster } from './openCluster.js';

let folder: string;
let dataDir: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-cluster-'));
  dataDir = join(folder, 'postgres');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const open = (initdb: string) => openCluster(dataDir, { initdb, postgres: '', major: '18' }, { prefix: [] }, false);

describe('openCluster', () => {
  it.each([
    ['false', /could not be created: exit code 1\.$/],
    ['/nowhere/initdb', /could not be created: spawn \/nowhere\/initdb ENOENT\.$/],
  ])('leaves no partial folder when initdb (%s) fails', async (initdb, sentence) => {
    await expect(open(initdb)).rejects.toThrow(sentence);
    expect(await readdir(folder)).toEqual([]);
  });

  it('does not replace a folder that existed before', async () => {
    await writeFile(`${dataDir}.password`, 'of the lost folder');
    await expect(open('true')).rejects.toThrow(/postgres is missing, .*; nothing was changed\.$/);
    expect(await readdir(folder)).toEqual(['postgres.password']);
  });

  it('finds its password after an interruption before the password file was renamed', async () => {
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'PG_VERSION'), '18\n');
    await writeFile(`${dataDir}.unfinished.password`, 'first\n');
    expect(await open('false')).toBe('first');
    await writeFile(`${dataDir}.unfinished.password`, 'of another attempt\n');
    expect(await open('false')).toBe('first');
  });

  it('fails with one sentence when the folder above is missing', async () => {
    dataDir = join(folder, 'missing', 'postgres');
    await expect(open('true')).rejects.toThrow(/cannot be created \(ENOENT\)\.$/);
  });

  it('fails with one sentence when the folder cannot be created or read', async () => {
    await mkdir(`${dataDir}.unfinished.password`);
    await expect(open('true')).rejects.toThrow(/unfinished\.password cannot be written \(EISDIR\)\.$/);
    await writeFile(dataDir, 'a file');
    await expect(open('true')).rejects.toThrow(/cannot be read \(ENOTDIR\)\.$/);
  });
});
