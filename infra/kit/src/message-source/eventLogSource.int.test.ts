import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Message } from '@ums/contracts/messages/message';
import type pg from 'pg';
import { testDatabase } from '../../../embedded/test/postgres.js';
import { type MemoryEventLog, memoryEventLog } from '../../test/memoryEventLog.js';
import { until } from '../../test/until.js';
import { logIdentity } from '../event-log/logIdentity.js';
import { silentLog } from '../log.js';
import { migrate } from '../postgres/migrate.js';
import { createPool } from '../postgres/pool.js';
import { StartRefused } from '../startRefused.js';
import { type EventLogSourceOptions, eventLogSource } from './eventLogSource.js';
import type { Consumption, Outcome } from './messageSource.js';

const MIGRATIONS = new URL('../../../../notifier/migrations', import.meta.url).pathname;

describe('messages from the event log', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let pool: pg.Pool;
  let eventLog: MemoryEventLog;
  let stop: AbortController;
  let running: Consumption[];
  beforeAll(async () => {
    database = await testDatabase();
    await migrate({ url: database.url, dir: MIGRATIONS, schema: 'notifier', log: silentLog });
    pool = createPool({ url: database.url, applicationName: 'test', log: silentLog });
  });
  beforeEach(async () => {
    await pool.query('truncate notifier.checkpoint, notifier.dead_message');
    eventLog = memoryEventLog();
    await logIdentity(eventLog);
    stop = new AbortController();
    running = [];
  });
  afterEach(() => end());
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const end = async (): Promise<void> => {
    stop.abort();
    await Promise.all(running.splice(0).map(({ finished }) => finished));
    stop = new AbortController();
  };

  const consume = async (
    handle: (message: Message) => Promise<Outcome>,
    options: Partial<EventLogSourceOptions> = {},
  ): Promise<void> => {
    const logId = await logIdentity(eventLog);
    const backOff = { firstMs: 2, maxMs: 4 };
    const places = { eventLog, logId, pool, url: database.url, schema: 'notifier', log: silentLog };
    const source = eventLogSource({ ...places, backOff, saveEveryMs: 5, ...options });
    const consumer = { name: 'test', types: ['UserErased', 'MailRequested'], lanes: 2, handle, signal: stop.signal };
    running.push(await source.consume(consumer));
  };

  /** Appends one event; a user's by default. */
  const append = async (type = 'UserErased', userId: string = randomUUID()) => {
    const id = randomUUID();
    const metadata = { $correlationId: randomUUID() };
    const { position } = await eventLog.append(`user-${userId}`, [{ id, type, data: {}, metadata }], 'any');
    return { id, userId, position };
  };

  const checkpoint = async (): Promise<bigint | undefined> => {
    const { rows } = await pool.query('select position from notifier.checkpoint');
    return rows[0] === undefined ? undefined : BigInt(rows[0].position);
  };
  const reached = (position: bigint) => until(async () => (await checkpoint()) === position);
  const deadMessages = async () => (await pool.query('select * from notifier.dead_message')).rows;

  it('F-24 hands over the messages of the types asked for, and moves its checkpoint past every event', async () => {
    const handled: string[] = [];
    const before = await append();
    await consume(async ({ eventId }) => {
      handled.push(eventId);
      return 'done';
    });
    await append('UserRenamed');
    const after = await append();
    const { position } = await append('UserRenamed');

    await reached(position);

    expect(handled).toEqual([before.id, after.id]);
  });

  it('F-24 goes on from its checkpoint, and again with what was not finished', async () => {
    const first = await append();
    const stuck = await append();
    const third = await append();
    await consume(async ({ eventId }) => (eventId === stuck.id ? 'later' : 'done'));
    await reached(first.position);
    await end();
    const handled: string[] = [];

    await consume(async ({ eventId }) => {
      handled.push(eventId);
      return 'done';
    });
    await reached(third.position);

    expect(handled).toEqual([stuck.id, third.id]);
  });

  it('F-24 lets a message that must wait hold up its own key only, in order', async () => {
    const handled: string[] = [];
    let up = false;
    const stuck = await append();
    const behind = await append('UserErased', stuck.userId);
    const other = await append();
    await consume(async ({ eventId }) => {
      if (eventId === stuck.id && !up) return 'later';
      handled.push(eventId);
      return 'done';
    });
    await until(() => handled.length === 1);
    up = true;
    await reached(other.position);

    expect(handled).toEqual([other.id, stuck.id, behind.id]);
  });

  it('F-24 begins no more beyond its checkpoint than it may', async () => {
    const begun: string[] = [];
    const stuck = await append();
    for (let n = 0; n < 5; n++) await append();
    let up = false;
    await consume(
      async ({ eventId }) => {
        if (eventId === stuck.id && !up) return 'later';
        begun.push(eventId);
        return 'done';
      },
      { beyondCheckpoint: 3 },
    );
    await until(() => begun.length === 2);
    const { position } = await append();
    expect(begun).toHaveLength(2);

    up = true;
    await reached(position);

    expect(begun).toHaveLength(7);
  });

  it('F-24 puts a dead message aside, as a pointer, and goes on', async () => {
    const dead = await append();
    const { position } = await append('UserErased', dead.userId);
    await consume(async ({ eventId }) => (eventId === dead.id ? 'dead' : 'done'));

    await reached(position);

    expect(await deadMessages()).toMatchObject([
      { consumer: 'test', event_id: dead.id, stream: `user-${dead.userId}`, revision: '0', reason: 'refused' },
    ]);
  });

  it('F-24 puts a message aside whose handler throws again and again, not one that waits as often', async () => {
    const broken = await append();
    const waiting = await append();
    let waits = 0;
    await consume(async ({ eventId }) => {
      if (eventId === broken.id) throw new Error('a defect');
      return ++waits < 15 ? 'later' : 'done';
    });

    await reached(waiting.position);

    expect(await deadMessages()).toMatchObject([{ event_id: broken.id, reason: 'failed' }]);
  });

  it('F-24 keeps a dead message that cannot be put aside yet', async () => {
    const dead = await append();
    await pool.query('alter table notifier.dead_message rename to away');
    let attempts = 0;
    await consume(async () => {
      attempts += 1;
      return 'dead';
    });
    await until(() => attempts > 2);
    await pool.query('alter table notifier.away rename to dead_message');

    await reached(dead.position);

    expect(await deadMessages()).toHaveLength(1);
  });

  it('F-24 tries again to save its checkpoint', async () => {
    await pool.query('alter table notifier.checkpoint add constraint never check (position < 0)');
    let failures = 0;
    const log = { ...silentLog, warn: () => void failures++ };
    let handled = 0;
    const { position } = await append();
    await consume(
      async () => {
        handled += 1;
        return 'done';
      },
      { log },
    );
    await until(() => failures > 1);
    await pool.query('alter table notifier.checkpoint drop constraint never');

    await reached(position);

    expect(handled).toBe(1);
  });

  it('F-24 handles each message in one of two instances, and the other goes on where the first ended', async () => {
    const handled: string[] = [];
    const handle = (name: string) => async (): Promise<Outcome> => {
      handled.push(name);
      return 'done';
    };
    await consume(handle('first'));
    const { position } = await append();
    await reached(position);
    const first = stop;
    stop = new AbortController();
    await consume(handle('second'));

    first.abort();
    const next = await append();
    await reached(next.position);

    expect(handled).toEqual(['first', 'second']);
  });

  it('F-12 refuses to run on another log than its checkpoint was made on', async () => {
    const { position } = await append();
    await consume(async () => 'done');
    await reached(position);
    await end();
    eventLog = memoryEventLog();

    await expect(consume(async () => 'done')).rejects.toThrow(StartRefused);
  });

  it('F-12 never moves a checkpoint back', async () => {
    const { position } = await append();
    await consume(async () => 'done');
    await reached(position);
    await pool.query('update notifier.checkpoint set position = position + 1000');
    await append('UserRenamed');

    await end();

    expect(await checkpoint()).toBe(position + 1000n);
  });
});
