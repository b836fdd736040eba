import { rmSync } from 'node:fs';
import { chown, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { copyFolder } from './copyFolder.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-copy-'));
  await mkdir(join(folder, 'from', 'below'), { recursive: true });
  await writeFile(join(folder, 'from', 'one'), '1', { mode: 0o600 });
  await writeFile(join(folder, 'from', 'below', 'two'), '2');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const copy = (isLeftOut?: (path: string) => boolean) =>
  copyFolder(join(folder, 'from'), join(folder, 'to'), { isLeftOut });

const USER = process.getuid?.() ?? 0;
/** Only root can give files away. */
const OWNER = USER === 0 ? 65_534 : USER;

describe('copyFolder', () => {
  it('copies files and folders with their modes and times, and no links', async () => {
    await symlink('one', join(folder, 'from', 'link'));
    await utimes(join(folder, 'from', 'one'), 1_000_000, 1_000_000);
    await copy();
    expect((await readdir(join(folder, 'to'), { recursive: true })).sort()).toEqual(['below', 'below/two', 'one']);
    expect(await readFile(join(folder, 'to', 'below', 'two'), 'utf8')).toBe('2');
    const { mode, mtimeMs } = await stat(join(folder, 'to', 'one'));
    expect([mode & 0o777, mtimeMs]).toEqual([0o600, 1_000_000_000]);
  });

  it('leaves out what it is told to, by the path below the folder', async () => {
    await copy((path) => path === 'below/two' || path === 'one');
    expect(await readdir(join(folder, 'to'), { recursive: true })).toEqual(['below']);
  });

  it('leaves out a file that vanishes meanwhile', async () => {
    await copy((path) => {
      if (path === 'one') rmSync(join(folder, 'from', 'one'));
      return false;
    });
    expect((await readdir(join(folder, 'to'), { recursive: true })).sort()).toEqual(['below', 'below/two']);
  });

  it('fails when the copy exists', async () => {
    await mkdir(join(folder, 'to'));
    await expect(copy()).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it('gives the copies to the owners of the originals, or leaves them to the user who copies', async () => {
    for (const name of ['', 'one', 'below'])
      await chown(join(folder, 'from', name), OWNER, USER === 0 ? OWNER : (process.getgid?.() ?? 0));
    await copy();
    await copyFolder(join(folder, 'from'), join(folder, 'own'), { owner: 'copier' });
    const ownersIn = async (copied: string) =>
      new Set(
        await Promise.all(['', 'one', 'below'].map(async (name) => (await stat(join(folder, copied, name))).uid)),
      );
    expect([await ownersIn('to'), await ownersIn('own')]).toEqual([new Set([OWNER]), new Set([USER])]);
  });
});
