import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import type { RecordedEvent } from '@ums/contracts/events/event';
import type { DeadLetterBox } from '@ums/kit/dead-letters/deadLetter';
import { checkpointStore } from '@ums/kit/event-log/checkpointStore';
import { logIdentity } from '@ums/kit/event-log/logIdentity';
import { silentLog } from '@ums/kit/log';
import type { EventLogSourceOptions } from '@ums/kit/message-source/eventLogSource';
import type { Consumer, Consumption, MessageSource } from '@ums/kit/message-source/messageSource';
import { migrate } from '@ums/kit/postgres/migrate';
import { createPool } from '@ums/kit/postgres/pool';
import type pg from 'pg';
import { testDatabase } from '../../embedded/test/postgres.js';
import { type MemoryEventLog, memoryEventLog } from './memoryEventLog.js';
import { PATIENT_MS } from './patientMs.js';
import { until } from './until.js';

const MIGRATIONS = join(import.meta.dirname, '../../../notifier/migrations');

/** What a source needs, with short times. */
export type SourceOptions = Required<Omit<EventLogSourceOptions, 'beyondCheckpoint' | 'redriveEveryMs'>> &
  Pick<EventLogSourceOptions, 'beyondCheckpoint'>;

/** How the tests reach a message source and what surrounds it. */
export interface SourceAdapter {
  source(options: SourceOptions): MessageSource;
  /** Begins a test with no messages and no dead letters; `consumer` is new. */
  begin(consumer: string, pool: pg.Pool): Promise<void>;
  /** Brings an appended event to where the source finds it. */
  deliver(event: RecordedEvent): Promise<void>;
  /** Whether everything up to that event is finished, and saved. */
  hasReached(event: RecordedEvent): Promise<boolean>;
  deadLetters(): DeadLetterBox;
  /** Makes dead letters unwritable until the returned function is called. */
  refuseDeadLetters(): Promise<() => Promise<void>>;
  /** An id whose messages compete with those of the other ids for the checkpoint. */
  newUserId(): string;
}

/** An in-memory log and the notifier's tables, for tests of consumers: call it inside `describe`. */
export const consumerTestbed = (adapter: SourceAdapter) => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let pool: pg.Pool;
  let eventLog: MemoryEventLog;
  let stop: AbortController;
  let running: Consumption[];
  let name: string;
  beforeAll(async () => {
    database = await testDatabase();
    await migrate({ url: database.url, dir: MIGRATIONS, schema: 'notifier', log: silentLog });
    const limits = { connectTimeoutMs: PATIENT_MS, statementTimeoutMs: PATIENT_MS };
    pool = createPool({ url: database.url, applicationName: 'test', ...limits, log: silentLog });
  });
  beforeEach(async () => {
    await pool.query('truncate notifier.checkpoint, notifier.dead_message');
    name = `test-${randomUUID()}`;
    stop = new AbortController();
    running = [];
    await newLog();
    await adapter.begin(name, pool);
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
  const consume = async (handle: Consumer['handle'], options: Partial<SourceOptions> = {}): Promise<() => void> => {
    const own = new AbortController();
    const signal = AbortSignal.any([stop.signal, own.signal]);
    const logId = await logIdentity(eventLog);
    const places = { eventLog, logId, pool, url: database.url, schema: 'notifier', log: silentLog };
    const times = { backoff: { firstMs: 2, maxMs: 4 }, saveEveryMs: 5 };
    const source = adapter.source({ ...places, ...times, ...options });
    const consumer = { name, types: ['UserErased', 'MailRequested'], concurrency: 2, handle, signal };
    running.push(await source.consume(consumer));
    return () => own.abort();
  };

  /** Appends one event to a user's stream. */
  const append = async (type = 'UserErased', userId: string = adapter.newUserId()) => {
    const id = randomUUID();
    const metadata = { $correlationId: randomUUID() };
    const { position } = await eventLog.append(`user-${userId}`, [{ id, type, data: {}, metadata }], 'any');
    await adapter.deliver(await eventAt(position));
    return { id, userId, position };
  };
  const eventAt = async (position: bigint): Promise<RecordedEvent> => {
    const event = await eventLog.readAt(position);
    if (event === undefined) throw new Error('the event was not appended');
    return event;
  };

  return {
    newLog,
    stopAll,
    /** The consumers started last, which are not stopped by `stopAll` any more. */
    takeRunning: () => running.splice(0),
    /** Saves the checkpoint of the source without a broker. */
    saveCheckpoint: async ({ id, position }: { id: string; position: bigint }) => {
      const place = { position, eventId: id, logId: await logIdentity(eventLog) };
      await checkpointStore('notifier.checkpoint', name).advance(pool, place);
    },
    consume,
    append,
    consumerName: () => name,
    hasReached: async (position: bigint) => adapter.hasReached(await eventAt(position)),
    /** Waits until everything up to an event is finished, and saved. @param timeoutMs see `until` */
    reached: (position: bigint, timeoutMs?: number) =>
      until(async () => adapter.hasReached(await eventAt(position)), timeoutMs),
    deadLetters: () => adapter.deadLetters(),
    refuseDeadLetters: () => adapter.refuseDeadLetters(),
    query: async (sql: string) => (await pool.query(sql)).rows,
  };
};

export type ConsumerTestbed = ReturnType<typeof consumerTestbed>;
