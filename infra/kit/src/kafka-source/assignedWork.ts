import { setTimeout as sleep } from 'node:timers/promises';
import { type InvalidRecord, parseWorkRecord } from '@ums/contracts/kafka/parseWorkRecord';
import { currentType } from '@ums/contracts/stored/stored';
import type { KafkaMessage } from 'kafkajs';
import type { Backoff } from '../backoffMs.js';
import { deadLetterRecord, type Origin, redrivenFor } from '../dead-letters/deadLetterRecord.js';
import type { RecordWriter } from '../kafka/recordWriter.js';
import type { Log } from '../log.js';
import { deadMessages } from '../message-source/deadMessages.js';
import { lanes } from '../message-source/lanes.js';
import { messageHandler, type Task } from '../message-source/messageHandler.js';
import type { Consumer } from '../message-source/messageSource.js';
import { progressSaver } from '../message-source/progressSaver.js';
import { type LogPlace, type ProgressTracker, progressTracker } from '../message-source/progressTracker.js';

/** A record of a partition, and the last event up to it. */
interface RecordPlace extends Partial<LogPlace> {
  offset: bigint;
}

/** Progress in several partitions. */
export interface FinishedRecords {
  partitions: readonly { partition: number; place: RecordPlace }[];
}

export interface AssignedWorkOptions {
  consumer: Pick<Consumer, 'name' | 'types' | 'concurrency' | 'handle'>;
  /** Messages up to this position are done. */
  doneUpTo: bigint | undefined;
  /** Limit of messages beyond the committed offset, in each partition. */
  beyondCheckpoint: number;
  backoff: Backoff;
  saveEveryMs: number;
  deadLetters: RecordWriter;
  commit(finished: FinishedRecords): Promise<void>;
  log: Log;
}

/** The work of one member in its partitions, from one join of the group to the next. */
export interface AssignedWork {
  /** Takes records of a partition in order, up to the limit; returns how many. */
  take(partition: number, records: readonly KafkaMessage[]): number;
  /** Resolves when the partition may take records again, or the work was stopped. */
  room(partition: number): Promise<void>;
  /** Whether the partition is assigned and nothing of it is unfinished. */
  isIdle(partition: number): boolean;
  /** Starts no more handlers, and commits when the running ones have ended, or after `withinMs`. */
  stop(withinMs?: number): Promise<void>;
}

type Item = (Task & { origin: Origin }) | { invalid: InvalidRecord; origin: Origin; finish: () => void };

export const assignedWork = (partitions: readonly number[], options: AssignedWorkOptions): AssignedWork => {
  const { consumer, doneUpTo, backoff, deadLetters, log } = options;
  const { name: lane, concurrency } = consumer;
  const stopping = new AbortController();
  const { signal } = stopping;
  const types = new Set(consumer.types);

  const handle = messageHandler<Task & { origin: Origin }>(
    ({ origin, message }, reason) => deadLetters.write(deadLetterRecord(lane, origin, { reason }, message)),
    { ...consumer, signal },
    log,
  );
  const countDead = deadMessages(lane);
  const setAside = async ({ invalid, origin, finish }: Extract<Item, { invalid: unknown }>): Promise<boolean> => {
    const { reason } = invalid;
    try {
      await deadLetters.write(deadLetterRecord(lane, origin, invalid, undefined));
    } catch (error) {
      log.warn('dead message could not be stored', { lane, reason, error });
      return false;
    }
    countDead('unreadable');
    log.error('unreadable record set aside', { lane, reason });
    finish();
    return true;
  };
  const work = lanes<Item>((item) => ('invalid' in item ? setAside(item) : handle(item)), {
    ...{ concurrency, backoff, signal },
  });

  const progress = new Map(
    partitions.map((partition) => [partition, progressTracker<RecordPlace>(options.beyondCheckpoint)] as const),
  );
  const committed = new Map<number, RecordPlace>();
  const saver = progressSaver<FinishedRecords & { position?: bigint }>(
    { finishedUpTo: () => unsaved(progress, committed) },
    {
      store: async (finished) => {
        await options.commit(finished);
        for (const { partition, place } of finished.partitions) committed.set(partition, place);
      },
      ...{ lane, everyMs: options.saveEveryMs, log },
    },
  );

  /** The last event of each partition. */
  const last = new Map<number, Partial<LogPlace>>();

  const add = (tracker: ProgressTracker<RecordPlace>, partition: number, record: KafkaMessage): void => {
    const origin = { partition, offset: BigInt(record.offset) };
    const parsed = parseWorkRecord(record);
    if ('invalid' in parsed) {
      const finish = tracker.begin({ ...last.get(partition), offset: origin.offset });
      work.add(`unreadable records of partition ${partition}`, { invalid: parsed.invalid, origin, finish });
      return;
    }
    const { message } = parsed;
    const { position, type } = message.pointer;
    const event = { position, eventId: message.eventId };
    last.set(partition, event);
    const place = { ...event, offset: origin.offset };
    const redriven = redrivenFor(record);
    const isDone = redriven === undefined ? doneUpTo !== undefined && position <= doneUpTo : redriven !== lane;
    if (isDone || !types.has(currentType(type) ?? '')) tracker.skip(place);
    else work.add(message.key, { message, recorded: undefined, origin, finish: tracker.begin(place), failures: 0 });
  };

  return {
    take: (partition, records) => {
      const tracker = progress.get(partition);
      if (tracker === undefined || signal.aborted) return 0;
      let taken = 0;
      for (const record of records) {
        if (tracker.beyond() >= options.beyondCheckpoint) break;
        add(tracker, partition, record);
        taken++;
      }
      return taken;
    },
    room: async (partition) => progress.get(partition)?.room(signal),
    isIdle: (partition) => progress.get(partition)?.beyond() === 0,
    stop: async (withinMs) => {
      stopping.abort();
      const settled = work.settled();
      if (withinMs === undefined) await settled;
      else await Promise.race([settled, sleep(withinMs, undefined, { ref: false })]);
      await saver.stop();
    },
  };
};

/** What has to be committed; `undefined` if nothing has. */
const unsaved = (
  progress: ReadonlyMap<number, ProgressTracker<RecordPlace>>,
  committed: ReadonlyMap<number, RecordPlace>,
): FinishedRecords | undefined => {
  const partitions = [...progress].flatMap(([partition, tracker]) => {
    const place = tracker.finishedUpTo();
    return place === undefined || place === committed.get(partition) ? [] : [{ partition, place }];
  });
  return partitions.length === 0 ? undefined : { partitions };
};
