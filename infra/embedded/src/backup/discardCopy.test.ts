import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EngineFailed } from '../engineFailed.js';
import { discardCopy } from './discardCopy.js';

describe('discardCopy', () => {
  const refused = new EngineFailed('Another backup is being made; wait for its end.');
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ums-discard-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('deletes the copy, and hands back why', async () => {
    const copy = join(folder, 'copy.unfinished');
    await mkdir(copy);
    await writeFile(join(copy, 'secrets.json'), '{}');
    expect(await discardCopy(copy, refused)).toBe(refused);
    expect(await readdir(folder)).toEqual([]);
  });

  it('says why, and what to delete, where it cannot', async () => {
    await writeFile(join(folder, 'file'), '');
    const copy = join(folder, 'file', 'copy.unfinished');
    const error = await discardCopy(copy, refused);
    expect(error).toBeInstanceOf(EngineFailed);
    expect(error.message).toBe(`${refused.message} Delete ${copy}, which holds secrets.`);
  });
});
