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
    expect(await readdir(folder)).toEqual(['postgres.password']);
  });

  it('says so when the folder cannot be made or read', async () => {
    await mkdir(`${dataDir}.password`);
    await expect(open('true')).rejects.toThrow(/cannot be made \(EISDIR\)\.$/);
    await writeFile(dataDir, 'a file');
    await expect(open('true')).rejects.toThrow(/cannot be read \(ENOTDIR\)\.$/);
  });
});
