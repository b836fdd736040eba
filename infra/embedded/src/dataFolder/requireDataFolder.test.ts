import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { requireDataFolder } from './requireDataFolder.js';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'ums-required-'));
});
afterEach(() => rm(parent, { recursive: true, force: true }));

describe('requireDataFolder', () => {
  it('takes a folder with a version', async () => {
    await writeFile(join(parent, 'version'), '1\n');
    await requireDataFolder(parent);
  });

  it('refuses a folder that is missing or another one, and makes nothing', async () => {
    await writeFile(join(parent, 'file'), '');
    for (const folder of [parent, join(parent, 'missing'), join(parent, 'file')])
      await expect(requireDataFolder(folder)).rejects.toThrow(
        `${folder} is not a data folder of this service; set DATA_DIR.`,
      );
    expect(await readdir(parent)).toEqual(['file']);
  });

  it('tells when the folder cannot be read', async () => {
    const loop = join(parent, 'loop');
    await symlink(loop, loop);
    await expect(requireDataFolder(loop)).rejects.toThrow(`The data folder ${loop} cannot be read (ELOOP).`);
  });
});
