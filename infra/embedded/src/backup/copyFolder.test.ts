import { rmSync } from 'node:fs';
import {
  chown,
  lstat,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
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
  it('copies files and folders with their modes and times', async () => {
    await utimes(join(folder, 'from', 'one'), 1_000_000, 1_000_000);
    await copy();
    expect((await readdir(join(folder, 'to'), { recursive: true })).sort()).toEqual(['below', 'below/two', 'one']);
    expect(await readFile(join(folder, 'to', 'below', 'two'), 'utf8')).toBe('2');
    const { mode, mtimeMs } = await stat(join(folder, 'to', 'one'));
    expect([mode & 0o777, mtimeMs]).toEqual([0o600, 1_000_000_000]);
  });

  it('copies what links lead to, and refuses a link that leads nowhere', async () => {
    await writeFile(join(folder, 'secrets'), 's');
    await mkdir(join(folder, 'elsewhere'));
    await writeFile(join(folder, 'elsewhere', 'three'), '3');
    await symlink(join(folder, 'secrets'), join(folder, 'from', 'secrets'));
    await symlink('../elsewhere', join(folder, 'from', 'checkpoints'));
    await copy();
    await rm(join(folder, 'from'), { recursive: true });
    expect(await readFile(join(folder, 'to', 'secrets'), 'utf8')).toBe('s');
    expect(await readFile(join(folder, 'to', 'checkpoints', 'three'), 'utf8')).toBe('3');
    expect((await lstat(join(folder, 'to', 'secrets'))).isFile()).toBe(true);
    await mkdir(join(folder, 'from'));
    await symlink('nowhere', join(folder, 'from', 'link'));
    await rm(join(folder, 'to'), { recursive: true });
    await expect(copy()).rejects.toThrow(`${join(folder, 'from', 'link')} is a link to a file that does not exist.`);
  });

  it('fails when the copy is removed meanwhile', async () => {
    await expect(
      copy((path) => {
        if (path === 'below/two') rmSync(join(folder, 'to', 'below'), { recursive: true });
        return false;
      }),
    ).rejects.toThrow(`${join(folder, 'to', 'below')} was removed while it was copied.`);
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
