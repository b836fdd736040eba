import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isAnswered, openClaimSocket } from './claimSocket.js';

let folder: string;

beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'ums-socket-')), 'a folder', 'x'.repeat(120));
  await mkdir(folder, { recursive: true });
});
afterEach(() => rm(join(folder, '../..'), { recursive: true, force: true }));

describe('the socket of a claim', () => {
  it('answers until it is closed, also where the path of the folder is longer than that of a socket may be', async () => {
    const path = join(folder, 'lock.sock');
    const socket = await openClaimSocket(path);
    expect([await isAnswered(path), await isAnswered(path)]).toEqual([true, true]);
    await socket.close();
    expect([await isAnswered(path), await readdir(folder)]).toEqual([false, []]);
  });

  it('cannot be opened where its file exists', async () => {
    await writeFile(join(folder, 'lock.sock'), '');
    await expect(openClaimSocket(join(folder, 'lock.sock'))).rejects.toMatchObject({ code: 'EADDRINUSE' });
  });

  it('has a name that is not cut', async () => {
    for (const use of [isAnswered, openClaimSocket])
      await expect(use(join(folder, 'x'.repeat(108)))).rejects.toMatchObject({ code: 'ENAMETOOLONG' });
  });
});
