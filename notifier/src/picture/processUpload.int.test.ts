import { randomUUID } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { pictureKey } from '@ums/contracts/pictureKeys';
import { PICTURE_SIZES } from '@ums/contracts/processedPicture';
import sharp from 'sharp';
import { until } from '../../../infra/kit/test/until.js';
import { allSquares, type PictureTestbed, pictureTestbed } from '../../test/pictures/pictureTestbed.js';

describe('the picture consumer on its engines', () => {
  let pictures: PictureTestbed;
  let again = 0;
  beforeAll(async () => {
    pictures = await pictureTestbed();
    await pictures.consume(() => {
      again += 1;
    });
  }, 180_000);
  afterEach(() => {
    pictures.s3.treat(() => 'pass');
    pictures.onProcessed(async () => undefined);
  });
  afterAll(() => pictures?.close());

  const isGone = (key: string) => async () => (await pictures.s3.direct.head(key)) === undefined;
  const processed = (userId: string) => [{ type: 'PictureProcessed', data: { userId } }];

  it.each([null, randomUUID()])(
    'F-27 U-04 stores three WebP squares that caches keep, then deletes the upload (%s)',
    async (registrationId) => {
      const userId = randomUUID();
      pictures.s3.takeCalls();
      const { pictureId, upload } = await pictures.submit(userId, undefined, registrationId);
      await until(isGone(upload));
      for (const size of PICTURE_SIZES) {
        const square = await pictures.s3.direct.get(pictureKey(userId, pictureId, size));
        expect(square?.contentType).toBe('image/webp');
        const { format, width, height } = await sharp(square && (await buffer(square.content))).metadata();
        expect({ format, width, height }).toEqual({ format: 'webp', width: size, height: size });
      }
      const puts = pictures.s3.takeCalls().filter(({ method }) => method === 'PUT');
      expect(puts.map(({ headers }) => headers['cache-control'])).toEqual(
        PICTURE_SIZES.map(() => 'public, max-age=31536000, immutable'),
      );
      expect(await pictures.squaresOf(userId)).toEqual(allSquares(pictureId));
      expect(await pictures.outcomesOf(pictureId)).toEqual(processed(userId));
    },
  );

  it('U-02 rejects a file that is no picture, and stores nothing', async () => {
    const userId = randomUUID();
    const { pictureId, upload } = await pictures.submit(
      userId,
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
    );
    await until(isGone(upload));
    expect(await pictures.squaresOf(userId)).toEqual([]);
    expect(await pictures.outcomesOf(pictureId)).toEqual([
      { type: 'PictureRejected', data: { userId, reason: 'not-a-picture' } },
    ]);
  });

  it.each([
    ['removed', { type: 'ProfilePictureRemoved', data: { replaced: null } }],
    ['erased', { type: 'UserErasureStarted', data: {} }],
    ['replaced', { type: 'ProfilePictureSubmitted', data: { pictureId: randomUUID(), registrationId: null } }],
  ] as const)('F-27 leaves no object of a picture that is %s while it is processed', async (_, event) => {
    const userId = randomUUID();
    let isDone = false;
    pictures.onProcessed(async () => {
      if (!isDone) await pictures.record(userId, event);
      isDone = true;
    });
    const { pictureId, upload } = await pictures.submit(userId);
    await until(isGone(upload));
    expect(isDone).toBe(true);
    expect(await pictures.squaresOf(userId)).toEqual([]);
    expect(await pictures.outcomesOf(pictureId)).toEqual([]);
  });

  it('F-27 deletes the old picture once the new one is accepted, and not before', async () => {
    const userId = randomUUID();
    const first = await pictures.submit(userId);
    await until(isGone(first.upload));
    await pictures.record(userId, {
      type: 'ProfilePictureAccepted',
      data: { pictureId: first.pictureId, replaced: null },
    });
    const second = await pictures.submit(userId);
    await until(isGone(second.upload));
    expect(await pictures.squaresOf(userId)).toEqual(allSquares(first.pictureId, second.pictureId));
    const data = { pictureId: second.pictureId, replaced: first.pictureId };
    await pictures.record(userId, { type: 'ProfilePictureAccepted', data });
    await until(async () => (await pictures.squaresOf(userId)).length === 3);
    expect(await pictures.squaresOf(userId)).toEqual(allSquares(second.pictureId));
  });

  it.each([
    ['is down', 'cut', undefined],
    ['refuses to store', 'refuse', 'PUT'],
  ] as const)('F-27 waits while the object storage %s', async (_, treatment, method) => {
    const userId = randomUUID();
    again = 0;
    pictures.s3.treat((call) => (method === undefined || call.method === method ? treatment : 'pass'));
    const { pictureId, upload } = await pictures.submit(userId);
    await until(() => again >= 3);
    expect(await isGone(upload)()).toBe(false);
    expect(await pictures.outcomesOf(pictureId)).toEqual([]);
    pictures.s3.treat(() => 'pass');
    await until(isGone(upload));
    expect(await pictures.squaresOf(userId)).toEqual(allSquares(pictureId));
    expect(await pictures.outcomesOf(pictureId)).toEqual(processed(userId));
  });

  it('F-28 processes a picture again whose process was killed', async () => {
    const userId = randomUUID();
    const { upload: warm } = await pictures.submit(randomUUID());
    await until(isGone(warm));
    const pid = pictures.processor.pids().at(-1) as number;
    // It does not finish the picture before it is killed.
    process.kill(pid, 'SIGSTOP');
    const { pictureId, upload } = await pictures.submit(userId);
    await until(() => pictures.isDecoding());
    process.kill(pid, 'SIGKILL');
    await until(isGone(upload));
    expect(pictures.processor.messages()).toContain('picture process failed: memory-limit');
    expect(pictures.processor.pids().at(-1)).not.toBe(pid);
    expect(await pictures.outcomesOf(pictureId)).toEqual(processed(userId));
  });
});

describe('attempts at one upload', () => {
  let pictures: PictureTestbed;
  beforeAll(async () => {
    pictures = await pictureTestbed();
  }, 180_000);
  afterEach(() => pictures.s3.treat(() => 'pass'));
  afterAll(() => pictures?.close());

  it('F-27 record one outcome when two run at once', async () => {
    const userId = randomUUID();
    const { pictureId, message } = await pictures.submit(userId);
    const attempts = [pictures.handle(message), pictures.handle(message)];
    expect(await Promise.all(attempts)).toEqual(['done', 'done']);
    expect(await pictures.squaresOf(userId)).toEqual(allSquares(pictureId));
    expect(await pictures.outcomesOf(pictureId)).toHaveLength(1);
  });

  // The upload is read, three squares are stored, and the upload is deleted.
  it.each([1, 2, 3, 4, 5])('F-27 can be repeated after a failure of call %i to the object storage', async (failing) => {
    const userId = randomUUID();
    const { pictureId, upload, message } = await pictures.submit(userId);
    let calls = 0;
    pictures.s3.treat(() => (++calls === failing ? 'refuse' : 'pass'));
    expect(await pictures.handle(message)).toBe('later');
    expect(await pictures.outcomesOf(pictureId)).toHaveLength(failing < 5 ? 0 : 1);
    pictures.s3.treat(() => 'pass');
    expect(await pictures.handle(message)).toBe('done');
    expect(await pictures.handle(message)).toBe('done');
    expect(await pictures.s3.direct.head(upload)).toBeUndefined();
    expect(await pictures.squaresOf(userId)).toEqual(allSquares(pictureId));
    expect(await pictures.outcomesOf(pictureId)).toEqual([{ type: 'PictureProcessed', data: { userId } }]);
  });
});
