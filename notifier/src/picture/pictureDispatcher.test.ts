import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { UserEvent } from '@ums/contracts/events/user';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { PROCESSED, pictureFixture } from '../../test/pictures/pictureFixture.js';

const erasing: UserEvent = { type: 'UserErasureStarted', data: {} };
const removed: UserEvent = { type: 'ProfilePictureRemoved', data: { replaced: null } };
const accepted = (pictureId: string, replaced: string | null = null): UserEvent => ({
  type: 'ProfilePictureAccepted',
  data: { pictureId, replaced },
});

let fixture: ReturnType<typeof pictureFixture>;
let userId: string;
beforeEach(() => {
  fixture = pictureFixture();
  userId = randomUUID();
});
const processed = () => [{ type: 'PictureProcessed', data: { userId } }];

describe('an upload', () => {
  it.each([null, randomUUID()])(
    'F-27 becomes three squares and an outcome, also when it is handled again (%s)',
    async (id) => {
      const { pictureId, upload, message, squares } = await fixture.submit(userId, id);
      expect(fixture.objects.keys()).toEqual([upload]);
      for (let time = 1; time <= 2; time++) {
        expect(await fixture.handle(message)).toBe('done');
        expect(fixture.objects.keys()).toEqual([...squares].sort());
        expect(await fixture.outcomesOf(pictureId)).toEqual(processed());
      }
      expect(await fixture.objects.head(squares[0] as string)).toEqual({ size: 3, contentType: 'image/webp' });
    },
  );

  it('is rejected with the reason, and leaves no object', async () => {
    fixture.onProcess(async () => ({ kind: 'rejected', reason: 'too-many-pixels' }));
    const { pictureId, message } = await fixture.submit(userId);
    expect(await fixture.handle(message)).toBe('done');
    expect(fixture.objects.keys()).toEqual([]);
    expect(await fixture.outcomesOf(pictureId)).toEqual([
      { type: 'PictureRejected', data: { userId, reason: 'too-many-pixels' } },
    ]);
  });

  it('is rejected when the object storage has lost it, unless it has an outcome', async () => {
    const [lost, settled] = [await fixture.submit(userId), await fixture.submit(randomUUID())];
    await fixture.objects.delete(lost.upload);
    expect(await fixture.handle(lost.message)).toBe('done');
    expect(await fixture.outcomesOf(lost.pictureId)).toEqual([
      { type: 'PictureRejected', data: { userId, reason: 'upload-lost' } },
    ]);
    await fixture.handle(settled.message);
    await fixture.handle(settled.message);
    expect(await fixture.outcomesOf(settled.pictureId)).toHaveLength(1);
  });

  it.each([
    ['replaced', () => fixture.submit(userId)],
    ['removed', () => fixture.record(userId, removed)],
    ['gone with its user', () => fixture.record(userId, erasing)],
  ])('leaves nothing if it is %s before or while it is processed', async (_, happen) => {
    const early = await fixture.submit(userId);
    await happen();
    const left = () => fixture.objects.keys().filter((key) => key.includes(early.pictureId));
    fixture.onProcess(async () => {
      throw new Error('must not be processed');
    });
    expect(await fixture.handle(early.message)).toBe('done');
    expect([left(), await fixture.outcomesOf(early.pictureId)]).toEqual([[], []]);

    [fixture, userId] = [pictureFixture(), randomUUID()];
    const late = await fixture.submit(userId);
    fixture.onProcess(async () => {
      await happen();
      return PROCESSED;
    });
    expect(await fixture.handle(late.message)).toBe('done');
    expect(fixture.objects.keys().filter((key) => key.includes(late.pictureId))).toEqual([]);
    expect(await fixture.outcomesOf(late.pictureId)).toEqual([]);
  });

  it('keeps the squares that an attempt at the same time has made visible', async () => {
    const { pictureId, message, squares } = await fixture.submit(userId);
    fixture.onProcess(async () => {
      await fixture.record(userId, accepted(pictureId));
      return PROCESSED;
    });
    expect(await fixture.handle(message)).toBe('done');
    expect(fixture.objects.keys()).toEqual([...squares].sort());
  });

  it('F-27 has the outcome of the attempt that recorded first', async () => {
    const { pictureId, message } = await fixture.submit(userId);
    fixture.eventLog.beforeAppend(() => fixture.handle(message));
    expect(await fixture.handle(message)).toBe('done');
    expect(await fixture.outcomesOf(pictureId)).toEqual(processed());
  });

  it('waits while the object storage, the event log or the processing is down', async () => {
    const { pictureId, upload, message } = await fixture.submit(userId);
    fixture.objects.setDown(true);
    expect(await fixture.handle(message)).toBe('later');
    fixture.objects.setDown(false);
    fixture.eventLog.refuse(1);
    expect(await fixture.handle(message)).toBe('later');
    fixture.onProcess(async () => {
      throw new DependencyUnavailable('picture processing');
    });
    expect(await fixture.handle(message)).toBe('later');
    expect(fixture.objects.keys()).toEqual([upload]);
    fixture.onProcess(async () => PROCESSED);
    expect(await fixture.handle(message)).toBe('done');
    expect(await fixture.outcomesOf(pictureId)).toEqual(processed());
  });
});

describe('a picture that is not shown any more', () => {
  const ready = async () => {
    const picture = await fixture.submit(userId);
    await fixture.handle(picture.message);
    return { ...picture, accepted: await fixture.record(userId, accepted(picture.pictureId)) };
  };

  it('is deleted once the one that replaces it is shown, and not before', async () => {
    const [first, other] = [await ready(), randomUUID()];
    await fixture.store(`pictures/${other}/${randomUUID()}/64.webp`);
    const second = await fixture.submit(userId);
    await fixture.handle(second.message);
    await fixture.handle(first.accepted);
    expect(fixture.objects.keys()).toEqual(expect.arrayContaining([...first.squares, ...second.squares]));
    await fixture.handle(await fixture.record(userId, accepted(second.pictureId, first.pictureId)));
    expect(fixture.objects.keys().filter((key) => !key.includes(other))).toEqual([...second.squares].sort());
    expect(fixture.objects.keys().filter((key) => key.includes(other))).toHaveLength(1);
  });

  it('F-27 does not include one that is submitted and stored while the old ones are deleted', async () => {
    const first = await ready();
    const { list } = fixture.objects;
    let second: Awaited<ReturnType<typeof fixture.submit>> | undefined;
    fixture.objects.list = async function* (prefix) {
      fixture.objects.list = list;
      second = await fixture.submit(userId);
      await fixture.handle(second.message);
      yield* list(prefix);
    };
    await fixture.handle(first.accepted);
    expect(fixture.objects.keys()).toEqual(
      expect.arrayContaining([...first.squares, ...(second?.squares ?? ['none'])]),
    );
  });

  it('stays while a newer one is rejected, and is deleted when it is removed', async () => {
    const first = await ready();
    const second = await fixture.submit(userId);
    const reason = 'damaged';
    const rejected: UserEvent = { type: 'ProfilePictureRejected', data: { pictureId: second.pictureId, reason } };
    await fixture.handle(await fixture.record(userId, rejected));
    expect(fixture.objects.keys()).toEqual(expect.arrayContaining(first.squares));
    await fixture.handle(await fixture.record(userId, removed));
    expect(fixture.objects.keys()).toEqual([second.upload]);
  });

  it('G-03 is deleted with everything else of an erased user', async () => {
    const first = await ready();
    await fixture.submit(userId);
    await fixture.record(userId, erasing);
    expect(await fixture.handle(first.accepted)).toBe('done');
    expect(fixture.objects.keys()).toEqual([]);
  });
});

describe('a message', () => {
  it('waits for its event, and is dead if the log has another event in its place, one that cannot be read, or none any more', async () => {
    const { message } = await fixture.submit(userId);
    const { pointer } = message;
    const next = { ...pointer, revision: pointer.revision + 1n, position: pointer.position + 1n };
    expect(await fixture.handle({ ...message, pointer: next })).toBe('later');
    expect(await fixture.handle({ ...message, eventId: randomUUID() })).toBe('dead');
    const broken = { ...(fixture.eventLog.events[0] as never as object), data: {} };
    expect(await fixture.handle(message, broken as never)).toBe('dead');
    fixture.eventLog.deleteStream(pointer.stream);
    expect(await fixture.handle(message)).toBe('dead');
  });

  it('F-15 of a user with an event that this version does not know is not acted upon', async () => {
    const { message, upload } = await fixture.submit(userId);
    const event = { id: randomUUID(), type: 'UserFromTheFuture', data: {}, metadata: {} };
    await fixture.eventLog.append(`user-${userId}`, [event], 0n);
    await expect(fixture.handle(message)).rejects.toThrow('unknown type');
    expect(fixture.objects.keys()).toEqual([upload]);
  });
});
