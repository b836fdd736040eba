import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { grantStream, signinStream, userStream } from '@ums/contracts/streams';
import { type EventLog, LogUnavailable, NO_STREAM } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { StartRefused } from '@ums/kit/startRefused';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import { readsThrough } from '../../../infra/kit/test/readsThrough.js';
import { unreliableSubscription } from '../../../infra/kit/test/unreliableSubscription.js';
import { until } from '../../../infra/kit/test/until.js';
import { appendRandomHistory, type ExpectedProfile, seededRandom, storedProfiles } from '../../test/randomHistory.js';
import { runDepsOf } from '../../test/runDeps.js';
import { createWorld, USER_ERASURE_STARTED, USER_SUSPENDED, type World } from '../../test/world.js';
import { auditEventV1 } from '../audit/auditEventV1.js';
import { userProfileV1 } from '../profile/userProfileV1.js';
import { checkpointOf, type Projection } from './projection.js';
import { type RunDeps, runProjection } from './runProjection.js';
import { supervise } from './supervise.js';
import { beginWhole, wholeOf } from './wholePlace.js';

const ROUNDS = faultRounds({ usual: 2, full: 50 });
const TABLES =
  'read.checkpoint, read.user_profile_v1, read.audit_event_v1, read.audit_span_v1, read.audit_stream_v1, read.parked';
const SOON_MS = 20;
const NEVER_MS = 600_000;

describe('a projection whose subscription loses events of streams that do not go on', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());
  beforeEach(() => world.pool.query(`truncate ${TABLES}`));

  const positionOf = async (store: ReturnType<typeof wholeOf>) => (await store.read(world.pool))?.position;
  const checkpoint = (projection: Projection) => positionOf(checkpointOf(projection));
  const whole = (projection: Projection) => positionOf(wholeOf(projection));
  const isAtHead = async (projection: Projection) => (await checkpoint(projection)) === (await world.eventLog.head());
  const isWhole = async (projection: Projection) => (await whole(projection)) === (await world.eventLog.head());

  interface Change extends Pick<Partial<RunDeps<never>>, 'pool' | 'wholeEveryMs' | 'log'> {
    eventLog?: Partial<EventLog>;
  }
  const depsOf = (projection: Projection, { eventLog, ...change }: Change = {}) => ({
    ...runDepsOf(world),
    ...{ projection, wholeEveryMs: SOON_MS, ...change },
    eventLog: { ...world.eventLog, ...eventLog },
  });

  /** Runs until `isDone`, and ends in order. @returns the reasons of the runs that failed */
  const runUntil = async (projection: Projection, isDone: () => Promise<boolean>, change?: Change) => {
    const restarts: string[] = [];
    const stop = new AbortController();
    const deps = depsOf(projection, change);
    const metrics = { ...deps.metrics, restarted: (reason: string) => void restarts.push(reason) };
    const running = supervise({ ...deps, metrics }, stop.signal);
    await until(isDone).finally(() => stop.abort());
    await running;
    return restarts;
  };

  /** Runs until `isDone`, and is killed: nothing is read or stored at the end. */
  const crashOnce = async (projection: Projection, isDone: () => Promise<boolean>, change: Change): Promise<void> => {
    const crash = new AbortController();
    const given = change.eventLog?.follow ?? world.eventLog.follow;
    const follow: EventLog['follow'] = async function* (after, options) {
      yield* given(after, { ...options, signal: crash.signal });
      throw new Error('killed');
    };
    const readAll = () => Promise.reject(new LogUnavailable());
    const deps = depsOf(projection, { ...change, eventLog: { follow, ...readsThrough(readAll) } });
    const running = runProjection(deps, new AbortController().signal, () => undefined);
    const [, end] = await Promise.allSettled([until(isDone).finally(() => crash.abort()), running]);
    expect(end).toMatchObject({ status: 'rejected', reason: { message: 'killed' } });
  };

  /** Subscriptions that never deliver some events. */
  const withoutDelivering = (isLost: (event: RecordedEvent) => boolean): Pick<EventLog, 'follow'> => ({
    follow: async function* (after, { signal }) {
      for await (const event of world.eventLog.follow(after, { signal })) if (!isLost(event)) yield event;
    },
  });
  const withoutSuspending = (userId: string) =>
    withoutDelivering(({ type, stream }) => type === 'UserSuspended' && stream === userStream(userId));

  /** What a log says of errors. */
  const listening = () => {
    const lines: unknown[] = [];
    return { lines, log: { ...silentLog, error: (...line: unknown[]) => void lines.push(line) } };
  };

  const appendOne = (stream: string, type = 'SessionStarted') =>
    world.eventLog.append(stream, [{ ...world.stored(randomUUID(), USER_SUSPENDED), type }], NO_STREAM);
  const statusOf = async (userId: string) =>
    (await storedProfiles(world)).find(({ user_id }) => user_id === userId)?.status;
  const unlisted = async (): Promise<RecordedEvent[]> => {
    const { rows } = await world.pool.query<{ event_id: string }>('select event_id from read.audit_event_v1');
    const ids = new Set(rows.map((row) => row.event_id));
    return world.eventLog.events.filter((event) => auditEventV1.key(event) !== undefined && !ids.has(event.id));
  };

  it('F-12 suspends a user whose last event is lost, while events of others follow, and logs the loss', async () => {
    const { lines, log } = listening();
    const userId = await world.register();
    const { position } = await world.append(userId, USER_SUSPENDED);
    await world.register('another');
    const isSuspended = async () => (await isWhole(userProfileV1)) && (await statusOf(userId)) === 'suspended';
    expect(await runUntil(userProfileV1, isSuspended, { log, eventLog: withoutSuspending(userId) })).toEqual([]);
    const loss = expect.objectContaining({ lane: userProfileV1.name, position, count: 1 });
    expect(lines).toEqual([['events not delivered', loss]]);
    expect(await isAtHead(userProfileV1)).toBe(true);
  });

  it('F-12 handles what is delivered at once, and what is lost before it ends in order', async () => {
    const userId = await world.register();
    await world.append(userId, USER_SUSPENDED);
    await world.register('another');
    const change = { wholeEveryMs: NEVER_MS, eventLog: withoutSuspending(userId) };
    let status: string | undefined;
    const isProjected = async () => {
      if (!(await isAtHead(userProfileV1))) return false;
      status = await statusOf(userId);
      return true;
    };
    await runUntil(userProfileV1, isProjected, change);
    expect(status).toBe('active');
    expect(await statusOf(userId)).toBe('suspended');
    expect(await isWhole(userProfileV1)).toBe(true);
  });

  it('F-12 deletes the row of a user whose erasure is lost', async () => {
    const userId = await world.register();
    await world.append(userId, USER_ERASURE_STARTED);
    await world.destroyKey(userId);
    await world.register('another');
    const eventLog = withoutDelivering(({ stream, revision }) => stream === userStream(userId) && revision === 1n);
    await runUntil(userProfileV1, () => isWhole(userProfileV1), { eventLog });
    expect(await statusOf(userId)).toBeUndefined();
  });

  it('F-12 lists the only event of a stream that is lost', async () => {
    await appendOne(grantStream(randomUUID()), 'AccessRequested');
    await appendOne(signinStream(randomUUID()));
    const eventLog = withoutDelivering(({ stream }) => stream.startsWith('grant-'));
    expect(await runUntil(auditEventV1, () => isWhole(auditEventV1), { eventLog })).toEqual([]);
    expect(await unlisted()).toEqual([]);
  });

  it('F-12 applies after a crash what was lost before its checkpoint', async () => {
    const userId = await world.register();
    await world.append(userId, USER_SUSPENDED);
    await world.register('another');
    const change = { wholeEveryMs: NEVER_MS, eventLog: withoutSuspending(userId) };
    for (const projection of [userProfileV1, auditEventV1] as Projection[]) {
      await crashOnce(projection, () => isAtHead(projection), change);
      expect(await whole(projection)).toBe(-1n);
    }
    expect([await statusOf(userId), (await unlisted()).length]).toEqual(['active', 1]);
    for (const projection of [userProfileV1, auditEventV1] as Projection[])
      expect(await runUntil(projection, () => isWhole(projection))).toEqual([]);
    expect([await statusOf(userId), await unlisted()]).toEqual(['suspended', []]);
  });

  it('F-12 gives the same rows while others are repeated, swapped and lost', async () => {
    const profiles: ExpectedProfile[] = await appendRandomHistory(world, 150, seededRandom(31));
    const known = new Set(profiles.map(({ user_id }) => user_id));
    for (let round = 1; round <= ROUNDS; round++) {
      await world.pool.query(`truncate ${TABLES}`);
      for (const projection of [userProfileV1, auditEventV1] as Projection[]) {
        const faults = { random: seededRandom(round), repeated: 0.05, swapped: 0.05, lostForGood: 0.1 };
        const { eventLog, faultCount } = unreliableSubscription(world.eventLog, faults);
        await runUntil(projection, () => isWhole(projection), { eventLog: { follow: eventLog.follow } });
        expect(faultCount()).toBeGreaterThan(20);
      }
      expect((await storedProfiles(world)).filter(({ user_id }) => known.has(user_id))).toEqual(profiles);
      expect(await unlisted()).toEqual([]);
      expect((await world.pool.query('select from read.parked')).rowCount).toBe(0);
    }
  });

  /** Counts reads of the whole log. */
  const countedReads = () => {
    const counted = { reads: 0 };
    const readAll: EventLog['readAll'] = async (...args) => {
      counted.reads++;
      return world.eventLog.readAll(...args);
    };
    return { counted, readAll };
  };

  it('F-12 goes on with what is delivered while what may be lost cannot be read', async () => {
    const userId = await world.register();
    await world.append(userId, USER_SUSPENDED);
    await world.register('another');
    let refused = 0;
    let wasActive = false;
    const readAll: EventLog['readAll'] = async (...args) => {
      if (wasActive) return world.eventLog.readAll(...args);
      refused++;
      throw new LogUnavailable();
    };
    const isDone = async () => {
      wasActive ||= refused > 1 && (await isAtHead(userProfileV1)) && (await statusOf(userId)) === 'active';
      return isWhole(userProfileV1);
    };
    expect(
      await runUntil(userProfileV1, isDone, { eventLog: { ...withoutSuspending(userId), ...readsThrough(readAll) } }),
    ).toEqual([]);
    expect(await statusOf(userId)).toBe('suspended');
  });

  it('does not read again what came from pages of the log', async () => {
    await world.register();
    const head = (await world.eventLog.head()) as bigint;
    const { counted, readAll } = countedReads();
    const follow: EventLog['follow'] = (after, options) => {
      options.onPage?.(after, head);
      return world.eventLog.follow(after, options);
    };
    for (const projection of [userProfileV1, auditEventV1] as Projection[])
      await runUntil(projection, () => isWhole(projection), { eventLog: { follow, ...readsThrough(readAll) } });
    expect(counted.reads).toBe(0);
  });

  it('waits longer after each failure of the first new batch, although older events come again before it', async () => {
    await world.register();
    await crashOnce(userProfileV1, () => isAtHead(userProfileV1), { wholeEveryMs: NEVER_MS });
    await world.register('another');
    const attempts: unknown[] = [];
    const warn = (_: string, fields?: Record<string, unknown>) => void attempts.push(fields?.attempt);
    const follow: EventLog['follow'] = async function* (after, options) {
      const end = (await checkpoint(userProfileV1)) ?? -1n;
      for await (const event of world.eventLog.follow(after, options)) {
        if (event.position > end && attempts.length < 3) throw new Error('not delivered');
        yield event;
        await sleep(1);
      }
    };
    const change = { wholeEveryMs: NEVER_MS, log: { ...silentLog, warn }, eventLog: { follow } };
    await runUntil(userProfileV1, () => isAtHead(userProfileV1), change);
    expect(attempts).toEqual([1, 2, 3]);
  });

  describe('and where it is stored how far the tables are whole', () => {
    const place = (position: bigint, logId = world.logId) => ({ position, eventId: undefined, logId });
    const begin = (checkpointPosition: bigint) =>
      beginWhole(world.pool, userProfileV1, world.eventLog, place(checkpointPosition));

    it('F-12 begins there, and at the checkpoint where nothing is stored', async () => {
      expect(await begin(700n)).toEqual(place(700n));
      expect(await begin(900n)).toEqual(place(700n));
    });

    it('F-12 begins at a checkpoint that was moved back or deleted, and forgets what was stored', async () => {
      await wholeOf(userProfileV1).advance(world.pool, place(700n, randomUUID()));
      expect(await begin(600n)).toEqual(place(600n));
      expect(await begin(-1n)).toEqual(place(-1n));
      expect(await whole(userProfileV1)).toBe(-1n);
    });

    it('F-12 refuses to begin on another log', async () => {
      await wholeOf(userProfileV1).advance(world.pool, place(700n, randomUUID()));
      await expect(begin(700n)).rejects.toBeInstanceOf(StartRefused);
    });
  });
});
