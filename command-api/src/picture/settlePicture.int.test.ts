import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PictureEvent } from '@ums/contracts/events/picture';
import { NO_STREAM } from '@ums/kit/event-log/eventLog';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import { serviceCause } from '@ums/kit/facts/cause';
import {
  appendedEvents,
  confirmedUser,
  liveCallerOf,
  requestOrigin,
  type TestCommands,
  testCommands,
} from '../../test/testCommands.js';
import { changeUser } from '../change/changeUser.js';
import { reconcileBatch } from '../reconciler/reconcileBatch.js';
import { decide } from '../user/decide.js';
import { loadUser, profileOf } from '../user/loadUser.js';
import { removePicture } from './removePicture.js';

const cause = () => serviceCause('keeper', { id: randomUUID(), correlationId: randomUUID() });

describe('the outcome of a picture', () => {
  let deps: TestCommands;
  beforeAll(async () => {
    deps = await testCommands();
  });
  afterAll(() => deps.close());

  const submit = async (userId: string): Promise<string> => {
    const pictureId = randomUUID();
    await changeUser(deps, {
      userId,
      cause: cause(),
      decide: (user) => decide({ type: 'SubmitPicture', pictureId }, user),
    });
    return pictureId;
  };
  /** Appends the outcome as the notifier does, and lets the reconciler see it. */
  const settle = async (userId: string, pictureId: string, reason?: 'damaged'): Promise<void> => {
    const event: PictureEvent =
      reason === undefined
        ? { type: 'PictureProcessed', data: { userId } }
        : { type: 'PictureRejected', data: { userId, reason } };
    await appendFacts<PictureEvent>(deps, {
      stream: `picture-${pictureId}`,
      events: [event],
      expected: NO_STREAM,
      cause: cause(),
    });
    for (let time = 1; time <= 2; time++) await reconcileBatch(deps, deps.eventLog.events.slice(-1));
  };
  const pictureOf = async (userId: string) => profileOf(await loadUser(deps, userId)).picture;
  const outcomesSince = (start: number) =>
    appendedEvents(deps)
      .slice(start)
      .filter((each) => !each.startsWith('picture'));

  it('becomes part of the profile, once', async () => {
    const userId = await confirmedUser(deps, 'ready@example.org');
    const pictureId = await submit(userId);
    expect(await pictureOf(userId)).toMatchObject({ status: 'processing', readyId: undefined });
    const start = appendedEvents(deps).length;
    await settle(userId, pictureId);
    expect(await pictureOf(userId)).toMatchObject({ pictureId, status: 'ready', readyId: pictureId });
    expect(outcomesSince(start)).toEqual(['user ProfilePictureAccepted']);
  });

  it('keeps the picture before it while a newer one is processed, and after it is rejected', async () => {
    const userId = await confirmedUser(deps, 'rejected@example.org');
    const first = await submit(userId);
    await settle(userId, first);
    const second = await submit(userId);
    expect(await pictureOf(userId)).toMatchObject({ status: 'processing', readyId: first });
    await settle(userId, second, 'damaged');
    expect(await pictureOf(userId)).toMatchObject({ status: 'rejected', reason: 'damaged', readyId: first });
  });

  it('has no effect once the picture was replaced or removed, or the user is erased', async () => {
    const userId = await confirmedUser(deps, 'late@example.org');
    const [replaced, removed] = [await submit(userId), await submit(userId)];
    const start = appendedEvents(deps).length;
    await settle(userId, replaced);
    await removePicture(deps, { caller: liveCallerOf(userId) }, requestOrigin());
    await settle(userId, removed);
    expect(await pictureOf(userId)).toBeUndefined();
    const last = await submit(userId);
    await changeUser(deps, {
      userId,
      cause: cause(),
      decide: (user) => decide({ type: 'StartErasureByAdministrator' }, user),
    });
    await settle(userId, last);
    expect(outcomesSince(start)).toEqual([
      'user ProfilePictureRemoved',
      'user ProfilePictureSubmitted',
      'user UserErasureStarted',
    ]);
  });

  it('of a user who does not exist is skipped', async () => {
    const start = appendedEvents(deps).length;
    await settle(randomUUID(), randomUUID());
    expect(outcomesSince(start)).toEqual([]);
  });

  it('F-15 of a user whose stream cannot be read does not stop the reconciler', async () => {
    const userId = await confirmedUser(deps, 'unreadable@example.org');
    const pictureId = await submit(userId);
    const last = (await loadUser(deps, userId)).revision as bigint;
    await deps.eventLog.append(
      `user-${userId}`,
      [{ id: randomUUID(), type: 'UserFromTheFuture', data: {}, metadata: {} }],
      last,
    );
    await expect(settle(userId, pictureId)).resolves.toBeUndefined();
    const keyless = await confirmedUser(deps, 'keyless@example.org');
    const other = await submit(keyless);
    await deps.vault.query('delete from data_key where subject = $1', [keyless]);
    deps.keys.evict(keyless);
    await expect(settle(keyless, other)).resolves.toBeUndefined();
  });
});
