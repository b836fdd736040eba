import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UserPage } from '@ums/contracts/http/directory';
import type { PictureBody, UserBody } from '@ums/contracts/http/user';
import { pictureKey } from '@ums/contracts/pictureKeys';
import { PICTURE_SIZES } from '@ums/contracts/processedPicture';
import type { ProfilePicture } from '@ums/contracts/reducers/userProfile';
import { openS3Storage } from '@ums/kit/object-storage/s3Storage';
import { type S3, startS3 } from '../../../infra/embedded/src/s3/startS3.js';
import { createWorld, type World } from '../../test/world.js';

const CACHE = 'public, max-age=31536000, immutable';
let folder: string;
let s3: S3;
let world: World;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-pictures-'));
  s3 = await startS3({ folder });
  const { endpoint, bucket, credentials } = s3.access;
  world = await createWorld({
    ...{ S3_PUBLIC_ENDPOINT: endpoint, S3_BUCKET: bucket },
    ...{ S3_ACCESS_KEY_ID: credentials.accessKeyId, S3_SECRET_ACCESS_KEY: credentials.secretAccessKey },
  });
});
afterAll(async () => {
  await world.close();
  await s3.close();
  await rm(folder, { recursive: true, force: true });
});

/** A user whose picture has these columns, and whose ready squares are stored. */
const userWith = async (picture: Partial<ProfilePicture>): Promise<string> => {
  const id = randomUUID();
  const { pictureId = randomUUID(), status = 'processing', reason, readyId } = picture;
  await world.addUser({ id, name: 'Ada Lovelace', picture: { pictureId, status, reason, readyId } });
  if (readyId === undefined) return id;
  const storage = openS3Storage(s3.access, { timeoutMs: 10_000 });
  for (const size of PICTURE_SIZES)
    await storage.put(pictureKey(id, readyId, size), Buffer.from(`square of ${size}`), {
      ...{ contentType: 'image/webp', maxBytes: 100, cacheControl: CACHE },
    });
  storage.close();
  return id;
};

const pictureOf = async (id: string): Promise<PictureBody> =>
  ((await (await world.get('/user', world.token(id))).json()) as UserBody).picture as PictureBody;

const expectSquares = async ({ urls }: PictureBody): Promise<void> => {
  expect(Object.keys(urls)).toEqual(['64', '256', '512']);
  for (const [size, url] of Object.entries(urls)) {
    const answer = await fetch(url);
    expect([answer.status, await answer.text()]).toEqual([200, `square of ${size}`]);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/webp',
      'content-disposition': 'inline; filename="picture.webp"',
      'cache-control': CACHE,
      'x-content-type-options': 'nosniff',
    });
  }
};

describe('the picture of a profile', () => {
  it('U-05 has links that open without Authorization, with a fixed type, disposition and Cache-Control', async () => {
    const readyId = randomUUID();
    const picture = await pictureOf(await userWith({ pictureId: readyId, status: 'ready', readyId }));
    expect(Object.keys(picture)).toEqual(['status', 'urls']);
    expect(picture.status).toBe('ready');
    await expectSquares(picture);
  });

  it('keeps the links to the last ready picture while a newer one is processed and after it was rejected', async () => {
    const processing = await pictureOf(await userWith({ status: 'processing', readyId: randomUUID() }));
    expect(processing.status).toBe('processing');
    await expectSquares(processing);
    const rejected = await pictureOf(await userWith({ status: 'rejected', reason: 'damaged', readyId: randomUUID() }));
    expect(rejected).toMatchObject({ status: 'rejected', reason: 'damaged' });
    await expectSquares(rejected);
  });

  it('has no links before the first picture is ready', async () => {
    expect(await pictureOf(await userWith({}))).toEqual({ status: 'processing', urls: {} });
  });

  it('is the same in a list, in a search and by id', async () => {
    const readyId = randomUUID();
    const id = await userWith({ pictureId: readyId, status: 'ready', readyId });
    const admin = world.token(randomUUID(), { roles: ['admin'] });
    for (const path of ['/users?limit=100', '/users?limit=100&search=ada&status=active']) {
      const { items } = (await (await world.get(path, admin)).json()) as UserPage;
      await expectSquares(items.find((item) => item.id === id)?.picture as PictureBody);
    }
    await expectSquares(((await (await world.get(`/users/${id}`, admin)).json()) as UserBody).picture as PictureBody);
  });
});
