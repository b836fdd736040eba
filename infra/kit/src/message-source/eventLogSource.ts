import { toMessage } from '@ums/contracts/messages/message';
import type pg from 'pg';
import { type CheckpointStore, checkpointStore } from '../event-log/checkpointStore.js';
import type { EventLog } from '../event-log/eventLog.js';
import type { Log } from '../log.js';
import { whileActive } from '../single-active/whileActive.js';
import type { DeadMessagePlace } from './deadMessage.js';
import { finishing } from './finishing.js';
import { type BackOff, lanes } from './lanes.js';
import type { Consumer, MessageSource } from './messageSource.js';
import { progress } from './progress.js';
import { savingProgress } from './savingProgress.js';

export interface EventLogSourceOptions {
  eventLog: EventLog;
  /** Identity of that log; stands in every checkpoint. */
  logId: string;
  pool: pg.Pool;
  /** Of the same database: the lock of the active instance has a connection of its own. */
  url: string;
  /** Holds the tables `checkpoint` and `dead_message`. A name of ours, never input. */
  schema: string;
  log: Log;
  backOff?: BackOff;
  /** Messages handled or waiting beyond the checkpoint; what a crash repeats at most. */
  beyondCheckpoint?: number;
  saveEveryMs?: number;
}

/**
 * Messages made from the event log itself, without a broker. One instance is active per consumer name; another stands
 * by and goes on from the checkpoint.
 */
export const eventLogSource = (options: EventLogSourceOptions): MessageSource => ({
  consume: async (consumer) => {
    const { pool, schema } = options;
    const place = { pool, schema, consumer: consumer.name };
    const checkpoint = checkpointStore(`${schema}.checkpoint`, consumer.name);
    await checkpoint.readProved(pool, options.eventLog);
    const { url, log } = options;
    const turn = { url, name: `consumer ${consumer.name}`, signal: consumer.signal, log };
    return { finished: whileActive(turn, ({ signal }) => consumeTurn(options, place, checkpoint, consumer, signal)) };
  },
});

/** From taking the lock to losing it, or to the consumer's end. */
const consumeTurn = async (
  options: EventLogSourceOptions,
  place: DeadMessagePlace,
  checkpoint: CheckpointStore,
  consumer: Consumer,
  signal: AbortSignal,
): Promise<void> => {
  const { eventLog, logId, log, backOff = { firstMs: 500, maxMs: 30_000 }, saveEveryMs = 1_000 } = options;
  const from = (await checkpoint.readProved(options.pool, eventLog))?.position;
  const reached = progress(options.beyondCheckpoint ?? 1_000);
  const work = lanes(finishing(place, consumer, log), { atOnce: consumer.lanes, backOff, signal });
  const saving = savingProgress(reached, {
    save: ({ position, eventId }) => checkpoint.advance(options.pool, { position, eventId, logId }),
    ...{ lane: consumer.name, everyMs: saveEveryMs, log },
  });
  const kept = new Set(consumer.types);
  try {
    for await (const event of eventLog.follow(from, { signal })) {
      const at = { position: event.position, eventId: event.id };
      const message = kept.has(event.type) ? toMessage(event) : undefined;
      if (message === undefined) reached.pass(at);
      else {
        await reached.room(signal);
        if (signal.aborted) break;
        work.add(message.key, { message, finish: reached.begin(at), throws: 0 });
      }
    }
  } finally {
    await work.settled();
    await saving.stop();
  }
};
