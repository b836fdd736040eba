import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Backoff, backoffMs } from '../backoffMs.js';

export interface LaneOptions {
  /** How many items are worked on at once. A lane that waits for its next attempt does not count. */
  concurrency: number;
  /** Pauses of a lane between attempts. */
  backoff: Backoff;
  /** Stops the lanes: running work finishes, waiting work is dropped. */
  signal: AbortSignal;
}

export interface Lanes<T> {
  add(key: string, item: T): void;
  /** Resolves when all lanes are empty or, after `signal` aborted, when no work is running. */
  settled(): Promise<void>;
}

/**
 * Runs work in order for each key, and in parallel for different keys.
 *
 * @param work must not throw. `false` = retry later: only the lane of that key waits.
 */
export const lanes = <T>(work: (item: T) => Promise<boolean>, options: LaneOptions): Lanes<T> => {
  const queues = new Map<string, T[]>();
  const running = new Set<Promise<void>>();
  const slots = semaphore(options.concurrency);
  // Each waiting lane listens; Node would warn of a leak from eleven on.
  setMaxListeners(0, options.signal);

  const runLane = async (key: string, queue: T[]): Promise<void> => {
    let failures = 0;
    for (let item = queue[0]; item !== undefined; item = queue[0]) {
      await slots.acquire();
      const finished = options.signal.aborted ? undefined : await work(item);
      slots.release();
      if (finished === undefined) return;
      failures = finished ? 0 : failures + 1;
      if (finished) queue.shift();
      else if (!(await waited(backoffMs(failures, options.backoff), options.signal))) return;
    }
    queues.delete(key);
  };

  return {
    add: (key, item) => {
      const existing = queues.get(key);
      if (existing !== undefined) {
        existing.push(item);
        return;
      }
      const queue = [item];
      queues.set(key, queue);
      const lane: Promise<void> = runLane(key, queue).finally(() => running.delete(lane));
      running.add(lane);
    },
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
};

/** `false` when the signal ended the wait. */
const waited = async (ms: number, signal: AbortSignal): Promise<boolean> => {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
};

const semaphore = (slots: number) => {
  let free = slots;
  const waiting: (() => void)[] = [];
  return {
    acquire: async (): Promise<void> => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    release: (): void => {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
};
