import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makePath } from './makePath.js';

/** Linux says that there is no such folder, macOS that its root cannot be written. */
const CLOSED = /^(ENOENT|EROFS|EACCES)$/;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-path-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('makePath', () => {
  it('makes what is missing and is content with what is there', async () => {
    const path = join(folder, 'a', 'b', 'c');
    await makePath(path, 0o700);
    await makePath(path);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  it('makes one path for several callers at once', async () => {
    const path = join(folder, 'a', 'b');
    await Promise.all(Array.from({ length: 10 }, () => makePath(path)));
    expect((await stat(path)).isDirectory()).toBe(true);
  });

  it('fails where a file is in the way, and at once where a folder takes no entries', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(makePath(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(makePath(join(folder, 'file', 'data'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(makePath('/proc/none/data')).rejects.toMatchObject({ code: expect.stringMatching(CLOSED) });
  });
});
