import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openCluster } from './cluster.js';

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
    ['false', /could not be made: exit code 1\.$/],
    ['/nowhere/initdb', /could not be made: spawn \/nowhere\/initdb ENOENT\.$/],
  ])('leaves nothing half made when initdb (%s) fails', async (initdb, sentence) => {
    await expect(open(initdb)).rejects.toThrow(sentence);
    expect(await readdir(folder)).toEqual([]);
  });

  it('makes no other in the place of one that was there', async () => {
    await writeFile(`${dataDir}.password`, 'of the one that is gone');
    await expect(open('true')).rejects.toThrow(/postgres is gone, .*; nothing was changed\.$/);
    expect(await readdir(folder)).toEqual(['postgres.password']);
  });

  it('knows its password though it was cut off before that stood in its place', async () => {
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'PG_VERSION'), '18\n');
    await writeFile(`${dataDir}.unfinished.password`, 'first\n');
    expect(await open('false')).toBe('first');
    await writeFile(`${dataDir}.unfinished.password`, 'of another try\n');
    expect(await open('false')).toBe('first');
  });

  it('says so when the folder cannot be made or read', async () => {
    await mkdir(`${dataDir}.unfinished.password`);
    await expect(open('true')).rejects.toThrow(/cannot be made \(EISDIR\)\.$/);
    await writeFile(dataDir, 'a file');
    await expect(open('true')).rejects.toThrow(/cannot be read \(ENOTDIR\)\.$/);
  });
});
