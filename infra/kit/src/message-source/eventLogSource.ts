import type { RecordedEvent } from '@ums/contracts/events/event';
import { type Message, toMessage } from '@ums/contracts/messages/message';
import { currentType } from '@ums/contracts/stored/stored';
import type pg from 'pg';
import type { Backoff } from '../backoffMs.js';
import { storeDeadMessage } from '../dead-letters/deadMessageTable.js';
import { redriveRequested } from '../dead-letters/redriveRequested.js';
import { type CheckpointStore, checkpointStore } from '../event-log/checkpointStore.js';
import type { EventLog } from '../event-log/eventLog.js';
import { readBehind } from '../event-log/readBehind.js';
import type { Log } from '../log.js';
import { whileActive } from '../single-active/whileActive.js';
import { lanes } from './lanes.js';
import { type DeadReason, messageHandler, type Task } from './messageHandler.js';
import type { Consumer, MessageSource } from './messageSource.js';
import { progressSaver } from './progressSaver.js';
import { progressTracker } from './progressTracker.js';

export interface EventLogSourceOptions {
  eventLog: EventLog;
  /** Identity of that log; stored with every checkpoint. */
  logId: string;
  pool: pg.Pool;
  /** URL of the pool's database: the lock of the active instance uses a separate connection. */
  url: string;
  /** Schema of the tables `checkpoint` and `dead_message`. A constant of the caller, never input. */
  schema: string;
  log: Log;
  /** @default from 0.5 s to 30 s */
  backoff?: Backoff;
  /** Limit of messages beyond the checkpoint: at most this many are repeated after a crash. @default 1,000 */
  beyondCheckpoint?: number;
  /** @default 1 s */
  saveEveryMs?: number;
  /** How often the table of dead messages is asked for those to redrive. @default 60 s */
  redriveEveryMs?: number;
}

/**
 * Messages made from the event log itself, without a broker; handlers get the event with its message. One instance per
 * consumer name is active; the others are standbys that continue from its checkpoint. What a subscription does not deliver is
 * read from the log before the checkpoint passes over it, and handled then: late, but not lost (F-12).
 */
export const eventLogSource = (options: EventLogSourceOptions): MessageSource => ({
  consume: async (consumer) => {
    const { pool, schema } = options;
    const checkpoint = checkpointStore(`${schema}.checkpoint`, consumer.name);
    await checkpoint.readVerified(pool, options.eventLog);
    const { url, log } = options;
    const active = { url, name: `consumer ${consumer.name}`, signal: consumer.signal, log };
    const finished = whileActive(active, ({ signal }) => consumeWhileActive(options, checkpoint, consumer, signal));
    return { finished };
  },
});

/** Runs from taking the lock until the lock is lost or the consumer stops. */
const consumeWhileActive = async (
  options: EventLogSourceOptions,
  checkpoint: CheckpointStore,
  consumer: Consumer,
  signal: AbortSignal,
): Promise<void> => {
  const { eventLog, logId, log, backoff = { firstMs: 500, maxMs: 30_000 } } = options;
  const { saveEveryMs = 1_000, redriveEveryMs = 60_000 } = options;
  const from = (await checkpoint.readVerified(options.pool, eventLog))?.position;
  const progress = progressTracker(options.beyondCheckpoint ?? 1_000);
  const storeDead = ({ message }: Task, reason: DeadReason) =>
    storeDeadMessage(options, consumer.name, message, reason);
  const failed = new AbortController();
  const stopping = AbortSignal.any([signal, failed.signal]);
  const work = lanes(messageHandler(storeDead, { ...consumer, signal: stopping }, log), {
    concurrency: consumer.concurrency,
    backoff,
    signal: stopping,
  });
  const types = new Set(consumer.types);
  const messageOf = (event: RecordedEvent) => (types.has(currentType(event.type) ?? '') ? toMessage(event) : undefined);
  const start = (message: Message, recorded: RecordedEvent | undefined, finish: () => void) =>
    work.add(message.key, { message, recorded, finish, failures: 0 });
  const behind = readBehind({ eventLog, log, lane: consumer.name }, from);
  const startMissed = async (upTo: bigint): Promise<void> => {
    for (const event of await behind.missing(upTo)) {
      const message = messageOf(event);
      if (message !== undefined) start(message, event, progress.beginLate());
    }
  };
  const saver = progressSaver(progress, {
    store: async ({ position, eventId }) => {
      await startMissed(position);
      // Unfinished: a message that was missed, or one that came late while the log was read.
      if (progress.finishedUpTo() === undefined) return false;
      await checkpoint.advance(options.pool, { position, eventId, logId });
      return true;
    },
    ...{ lane: consumer.name, everyMs: saveEveryMs, log },
  });
  const redriver = redriveRequested(options, {
    consumer: consumer.name,
    deliver: (message, finish) => start(message, undefined, finish),
    ...{ everyMs: redriveEveryMs, log },
  });
  try {
    for await (const event of eventLog.follow(from, { signal, onPage: behind.page })) {
      const message = messageOf(event);
      if (message !== undefined) await progress.room(signal);
      if (signal.aborted) break;
      const place = { position: event.position, eventId: event.id };
      const noted = behind.note(event);
      if (noted === 'known') continue;
      if (message !== undefined) start(message, event, noted === 'late' ? progress.beginLate() : progress.begin(place));
      else if (noted === 'next') progress.skip(place);
      // While one message cannot be handled, no checkpoint is stored, and others go on.
      if (behind.isDue()) await startMissed(event.position);
    }
  } catch (error) {
    // Otherwise the next run would begin only after each message is handled, also one that waits for hours.
    failed.abort();
    throw error;
  } finally {
    await redriver.stop();
    await work.settled();
    await redriver.settled();
    await saver.stop();
  }
};
