import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import { silentLog } from '@ums/kit/log';
import { type EventLogSourceOptions, eventLogSource } from '@ums/kit/message-source/eventLogSource';
import type { Consumer, Consumption } from '@ums/kit/message-source/messageSource';
import { migrate } from '@ums/kit/postgres/migrate';
import { createPool } from '@ums/kit/postgres/pool';
import type pg from 'pg';
import { testDatabase } from '../../embedded/test/postgres.js';
import { type MemoryEventLog, memoryEventLog } from './memoryEventLog.js';
import { until } from './until.js';

const MIGRATIONS = new URL('../../../notifier/migrations', import.meta.url).pathname;

/** An in-memory log and the notifier's tables, for tests of consumers: call it inside `describe`. */
export const consumerTestbed = () => {
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
    stop = new AbortController();
    running = [];
    await newLog();
  });
  afterEach(() => stopAll());
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  /** Replaces the log by another one. */
  const newLog = async (): Promise<void> => {
    eventLog = memoryEventLog();
    await logIdentity(eventLog);
  };

  /** Stops the consumers started last and waits until all have finished. */
  const stopAll = async (): Promise<void> => {
    stop.abort();
    await Promise.all(running.splice(0).map(({ finished }) => finished));
    stop = new AbortController();
  };

  /** Starts a consumer of `UserErased` and `MailRequested`. @returns a function that asks it to stop */
  const consume = async (
    handle: Consumer['handle'],
    options: Partial<EventLogSourceOptions> = {},
  ): Promise<() => void> => {
    const own = new AbortController();
    const signal = AbortSignal.any([stop.signal, own.signal]);
    const logId = await logIdentity(eventLog);
    const backOff = { firstMs: 2, maxMs: 4 };
    const places = { eventLog, logId, pool, url: database.url, schema: 'notifier', log: silentLog };
    const source = eventLogSource({ ...places, backOff, saveEveryMs: 5, ...options });
    running.push(
      await source.consume({ name: 'test', types: ['UserErased', 'MailRequested'], concurrency: 2, handle, signal }),
    );
    return () => own.abort();
  };

  /** Appends one event to a user's stream. */
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

  return {
    newLog,
    stopAll,
    consume,
    append,
    checkpoint,
    reached: (position: bigint) => until(async () => (await checkpoint()) === position),
    query: async (sql: string) => (await pool.query(sql)).rows,
  };
};
