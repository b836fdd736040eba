import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { waitOf } from '@ums/kit/wait';
import { itOnSmallDisk } from '../../../engines/test/smallDisk.js';
import { streamOf } from '../../test/objectStorageContract.js';
import { ObjectTooLarge } from './objectTooLarge.js';
import { spool } from './spool.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-spool-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const content = randomBytes(200_000);

describe('spool', () => {
  it('reads the whole content again and again, from a file without a name', async () => {
    const spooled = await spool(streamOf([content.subarray(0, 70_000), content.subarray(70_000)]), 200_000, folder);
    expect(await readdir(folder)).toEqual([]);
    expect(spooled.size).toBe(200_000);
    for (let time = 1; time <= 2; time++) expect((await buffer(spooled.read())).equals(content)).toBe(true);
    await spooled.close();
  });

  it('stops at the limit, and leaves the source open with the rest of it', async () => {
    const rest = Buffer.from('rest');
    const source = streamOf([content, rest]);
    await expect(spool(source, 199_999, folder)).rejects.toThrow(ObjectTooLarge);
    expect(String(await buffer(source))).toBe('rest');
  });

  it('survives that the file is closed while it is read', async () => {
    const spooled = await spool(streamOf([content]), 200_000, folder);
    const reading = spooled.read();
    const failed = new Promise((resolve) => reading.once('error', resolve));
    await spooled.close();
    reading.resume();
    expect(await failed).toMatchObject({ code: 'EBADF' });
  });

  it('says which dependency is unavailable where no file can be made', async () => {
    const refused = await spool(streamOf([content]), 200_000, '/nowhere').catch((error: unknown) => error);
    expect(refused).toEqual(new DependencyUnavailable('temporary folder'));
    expect(waitOf(refused)).toMatchObject({ dependency: 'temporary folder', limit: 'ENOENT' });
  });

  itOnSmallDisk(
    'is unavailable while the disk is full, and works again afterwards',
    1,
    async ({ path, fill, free }) => {
      await fill();
      await expect(spool(streamOf([content]), 200_000, path)).rejects.toThrow(DependencyUnavailable);
      await free();
      await (await spool(streamOf([content]), 200_000, path)).close();
    },
  );
});
