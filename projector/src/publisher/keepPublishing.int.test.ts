import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { signinStream } from '@ums/contracts/streams';
import { NO_STREAM } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import { readsThrough } from '../../../infra/kit/test/readsThrough.js';
import { unreliableSubscription } from '../../../infra/kit/test/unreliableSubscription.js';
import type { FakeBroker } from '../../test/fakeBroker.js';
import { expectPublished, inTopic } from '../../test/publishedRecords.js';
import { publisherOnFakeBroker } from '../../test/publisherOnFakeBroker.js';
import { activeUntil, publisherDeps, untilPublished } from '../../test/publisherWorld.js';
import { appendRandomHistory, seededRandom } from '../../test/randomHistory.js';
import { USER_ERASED, USER_ERASURE_STARTED, USER_SUSPENDED, type World } from '../../test/world.js';
import { keepPublishing } from './keepPublishing.js';

describe('keepPublishing', () => {
  let world: World;
  let broker: FakeBroker;
  const publishers = publisherOnFakeBroker();
  const { start } = publishers;
  beforeEach(() => {
    world = publishers.world();
    broker = publishers.broker();
  });
  /** Makes the publisher begin with the first event again. */
  const forgetProgress = () => world.pool.query('delete from read.checkpoint');

  it('publishes every event of a user and a pointer to every event, with the state after it', async () => {
    const userId = await world.register('Ada');
    await world.append(userId, USER_SUSPENDED, { type: 'RoleGranted', data: { role: 'admin' } });
    await world.eventLog.append(
      signinStream(userId),
      [{ id: randomUUID(), type: 'SessionStarted', data: {}, metadata: {} }],
      NO_STREAM,
    );
    start();
    await untilPublished(world);
    expect(inTopic(broker.records, 'users.events.v1').map(({ headers }) => headers.ce_type)).toEqual([
      'users.registered.v1',
      'users.suspended.v1',
      'users.role-granted.v1',
    ]);
    expect(inTopic(broker.records, 'users.work.v1')).toHaveLength(4);
    const [state, ...others] = inTopic(broker.records, 'users.state.v1');
    expect(others).toEqual([]);
    expect(state).toMatchObject({ key: userId, headers: { ce_revision: '2' } });
    expect(JSON.parse(state?.value as string)).toMatchObject({ userId, status: 'suspended', roles: ['user', 'admin'] });
  });

  it('sends a tombstone when a user is erased, and keeps it for later events of the user', async () => {
    const userId = await world.register('Eve');
    start();
    await untilPublished(world);
    await world.append(userId, USER_ERASURE_STARTED);
    await untilPublished(world);
    await world.append(userId, USER_ERASED);
    await untilPublished(world);
    const states = inTopic(broker.records, 'users.state.v1').filter(({ key }) => key === userId);
    expect(states.map(({ value }) => value === null)).toEqual([false, true, true]);
    expect(states.map(({ headers }) => headers.ce_revision)).toEqual(['0', '1', '2']);
  });

  it('F-11 publishes batches of what has queued up, at most 1,000 records each', async () => {
    await forgetProgress();
    const users = await appendRandomHistory(world, 1_200, seededRandom(1));
    start();
    await untilPublished(world);
    const { rows } = await world.pool.query('select user_id from read.public_state where state is not null');
    expect(Math.max(...broker.sends)).toBeLessThanOrEqual(1_000);
    expect(broker.sends.length).toBeLessThan(20);
    expect(rows.length).toBeGreaterThanOrEqual(users.length);
  });

  it('F-12 publishes each event although the subscription loses, repeats and reorders some', async () => {
    await forgetProgress();
    const log = world.eventLog.events.length;
    const users = await appendRandomHistory(world, 200, seededRandom(2));
    const faults = { random: seededRandom(3), repeated: 0.05, swapped: 0.05, lost: 0.05 };
    const unreliable = unreliableSubscription(world.eventLog, faults);
    start({ eventLog: unreliable.eventLog });
    await untilPublished(world);
    expect(unreliable.faultCount()).toBeGreaterThan(10);
    const isNew = new Set(world.eventLog.events.slice(log).map(({ stream }) => stream.replace(/^\w+-/, '')));
    expectPublished(
      broker.records.filter(({ key }) => isNew.has(key)),
      { log: world.eventLog.events.slice(log), users },
    );
  });

  it('publishes what follows a gap that the log itself has', async () => {
    const userId = await world.register('Ada');
    await world.rename(userId, 'Ada King');
    await world.rename(userId, 'Countess');
    const isMissing = ({ stream, revision }: { stream: string; revision: bigint }) =>
      stream.endsWith(userId) && revision === 1n;
    const truncated = {
      ...world.eventLog,
      readStream: async (stream: string, from?: bigint) =>
        (await world.eventLog.readStream(stream, from)).filter((event) => !isMissing(event)),
      ...readsThrough(async (...args) => (await world.eventLog.readAll(...args)).filter((event) => !isMissing(event))),
      follow: async function* (...args: Parameters<typeof world.eventLog.follow>) {
        for await (const event of world.eventLog.follow(...args)) if (!isMissing(event)) yield event;
      },
    };
    const warnings: unknown[] = [];
    const log = { ...silentLog, warn: (message: string, fields?: object) => void warnings.push([message, fields]) };
    start({ eventLog: truncated, log });
    await untilPublished(world);
    const sent = inTopic(broker.records, 'users.events.v1').filter(({ key }) => key === userId);
    expect(sent.map(({ headers }) => headers.ce_revision)).toEqual(['0', '2']);
    expect(warnings).toEqual([
      [
        'the log does not hold the events before this revision',
        expect.objectContaining({ revision: 2n, expected: 1n }),
      ],
    ]);
  });

  it('F-20 waits for a broker that is absent, and then publishes all', async () => {
    const userId = await world.register('Ada');
    const attempts: number[] = [];
    const log = {
      ...silentLog,
      warn: (_: string, fields?: { attempt?: number }) => void attempts.push(fields?.attempt ?? 0),
    };
    const openSession = async () => {
      if (attempts.length < 3) throw new Error('absent');
      return broker.openSession();
    };
    let reads = 0;
    const follow = (...args: Parameters<typeof world.eventLog.follow>) => {
      // Nothing is read before there is a broker, so that memory does not grow.
      expect(attempts).toHaveLength(3);
      reads += 1;
      return world.eventLog.follow(...args);
    };
    start({ openSession, log, eventLog: { ...world.eventLog, follow } });
    await untilPublished(world);
    expect(attempts).toEqual([1, 2, 3]);
    expect(reads).toBe(1);
    expect(broker.records.some(({ key }) => key === userId)).toBe(true);
  });

  it('F-20 counts failures from the first one after progress', async () => {
    const userId = await world.register('Ada');
    const attempts: (number | undefined)[] = [];
    const log = {
      ...silentLog,
      warn: (_: string, fields?: { attempt?: number }) => void attempts.push(fields?.attempt),
    };
    start({ log });
    await untilPublished(world);
    let failures = 2;
    broker.onSend = async () => {
      if (failures-- > 0) throw new Error('absent');
    };
    await world.rename(userId, 'Ada King');
    await untilPublished(world);
    expect(attempts).toEqual([1, 2]);
  });

  it('begins with the first event and without states when its checkpoint is deleted', async () => {
    const userId = await world.register('Ada');
    await world.pool.query(
      `insert into read.public_state (user_id, event_id, revision, position, state)
       values ($1, gen_random_uuid(), 7, 7, '{"status": "suspended"}')`,
      [userId],
    );
    await forgetProgress();
    start();
    await untilPublished(world);
    const userEvents = world.eventLog.events.filter(({ stream }) => stream.startsWith('user-'));
    expect(inTopic(broker.records, 'users.events.v1').map(({ headers }) => headers.ce_id)).toEqual(
      userEvents.map(({ id }) => id),
    );
    const [state] = inTopic(broker.records, 'users.state.v1').filter(({ key }) => key === userId);
    expect(state).toMatchObject({ headers: { ce_revision: '0' }, value: expect.stringContaining('active') });
  });

  it('stops when its checkpoint belongs to another log', async () => {
    await world.pool.query('update read.checkpoint set log_id = gen_random_uuid()');
    const deps = publisherDeps(world, broker);
    await expect(keepPublishing(deps, activeUntil(new AbortController().signal))).rejects.toMatchObject({
      printable: true,
    });
  });
});
