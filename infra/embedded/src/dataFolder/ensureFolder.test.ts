import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ensureFolder } from './ensureFolder.js';

/** Linux answers ENOENT below /proc; on macOS the root folder is not writable. */
const NOT_CREATABLE = /^(ENOENT|EROFS|EACCES)$/;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-path-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe('ensureFolder', () => {
  it('creates what is missing and accepts what exists', async () => {
    const path = join(folder, 'a', 'b', 'c');
    await ensureFolder(path, 0o700);
    await ensureFolder(path);
    expect((await stat(path)).mode & 0o777).toBe(0o700);
  });

  it('creates one path for concurrent callers', async () => {
    const path = join(folder, 'a', 'b');
    await Promise.all(Array.from({ length: 10 }, () => ensureFolder(path)));
    expect((await stat(path)).isDirectory()).toBe(true);
  });

  it('fails when a file is in the way, and without delay when the parent accepts no entries', async () => {
    await writeFile(join(folder, 'file'), '');
    await expect(ensureFolder(join(folder, 'file'))).rejects.toMatchObject({ code: 'EEXIST' });
    await expect(ensureFolder(join(folder, 'file', 'data'))).rejects.toMatchObject({ code: 'ENOTDIR' });
    await expect(ensureFolder('/proc/none/data')).rejects.toMatchObject({ code: expect.stringMatching(NOT_CREATABLE) });
  });
});
