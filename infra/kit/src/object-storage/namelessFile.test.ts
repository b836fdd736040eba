import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StartRefused } from '../startRefused.js';
import { checkTemporaryFolder } from './namelessFile.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-nameless-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('checkTemporaryFolder', () => {
  it('leaves nothing in the folder', async () => {
    await checkTemporaryFolder(folder);
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses the start, and says why, where no file can be made', async () => {
    const refused = checkTemporaryFolder(join(folder, 'missing'));
    await expect(refused).rejects.toThrow(StartRefused);
    await expect(refused).rejects.toThrow('The temporary folder (TMPDIR) takes no files (ENOENT)');
  });
});
