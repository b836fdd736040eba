import { setTimeout as sleep } from 'node:timers/promises';

/** Delays between attempts in milliseconds: doubled from `firstMs` up to `maxMs`, less up to half of it at random. */
export interface BackOff {
  firstMs: number;
  maxMs: number;
}

export interface LaneOptions {
  /** How many pieces of work run at once. A lane that waits takes no place. */
  atOnce: number;
  backOff: BackOff;
  /** Ends the lanes: what runs is finished, what waits is dropped. */
  signal: AbortSignal;
}

export interface Lanes<T> {
  add(key: string, item: T): void;
  /** Resolves when no lane has work, or after `signal` when none runs any more. */
  settled(): Promise<void>;
}

/**
 * Runs work in order within a key and side by side between keys.
 *
 * @param work must not throw. `false` = again later: only that key waits.
 */
export const lanes = <T>(work: (item: T) => Promise<boolean>, options: LaneOptions): Lanes<T> => {
  const queues = new Map<string, T[]>();
  const running = new Set<Promise<void>>();
  const places = turnstile(options.atOnce);

  const drain = async (key: string, queue: T[]): Promise<void> => {
    let failures = 0;
    for (let item = queue[0]; item !== undefined; item = queue[0]) {
      await places.enter();
      const finished = options.signal.aborted ? undefined : await work(item);
      places.leave();
      if (finished === undefined) return;
      failures = finished ? 0 : failures + 1;
      if (finished) queue.shift();
      else if (!(await waited(delay(options.backOff, failures), options.signal))) return;
    }
    queues.delete(key);
  };

  return {
    add: (key, item) => {
      const queue = queues.get(key);
      if (queue !== undefined) {
        queue.push(item);
        return;
      }
      const begun = [item];
      queues.set(key, begun);
      const lane: Promise<void> = drain(key, begun).finally(() => running.delete(lane));
      running.add(lane);
    },
    settled: async () => {
      while (running.size > 0) await Promise.all(running);
    },
  };
};

const delay = ({ firstMs, maxMs }: BackOff, failures: number): number => {
  const full = Math.min(maxMs, firstMs * 2 ** Math.min(failures - 1, 30));
  return full / 2 + (Math.random() * full) / 2;
};

/** `false` when the wait was cut short. */
const waited = async (ms: number, signal: AbortSignal): Promise<boolean> => {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
};

const turnstile = (places: number) => {
  let free = places;
  const queue: (() => void)[] = [];
  return {
    enter: async (): Promise<void> => {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => queue.push(resolve));
    },
    leave: (): void => {
      const next = queue.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
};
