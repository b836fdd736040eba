import type { Clock } from '@ums/kit/clock';
import { Refused } from '@ums/kit/refused';
import { vaultQueue } from './vaultQueue.js';

/** A limit on requests per source or user, shared by all processes through the vault. */
export interface RequestLimit {
  /**
   * Counts one request of a source, or of a user by their id, to a route.
   *
   * @throws Refused with the slug of the limit (429) and Retry-After over the limit; the vault's error when it is down.
   */
  count(route: string, source: string): Promise<void>;
  /** Takes back a counted request that had no effect. */
  giveBack(route: string, source: string): Promise<void>;
  /**
   * For work that precedes the counting. Sends no statement.
   * @throws Refused with the slug of the limit if this process knows that the source is over the limit
   */
  refuseExcess(route: string, source: string): void;
}

export interface RequestLimitOptions {
  /** Adds to the requests of a source in the window that ends then, in the vault. @returns the requests of all processes */
  add: (source: { route: string; source: string }, ends: Date, requests: number) => Promise<number>;
  clock: Clock;
  /** Requests that one source may send to one route in a window. */
  perWindow: number;
  windowMs: number;
  /** Of the refusal. @default 'too-many-attempts' */
  slug?: string;
  /**
   * Whether a request counts that failed because the vault could not store the count. Otherwise an outage would use up a window of
   * a day. @default true
   */
  countsFailed?: boolean;
}

/** Takes back a request that is in no report. */
const takeOne = (counted: Count): void => {
  counted.pending -= 1;
  counted.unreported -= 1;
};

/** A process reports the requests of a source whenever this share of the limit has come together. */
const BATCHES = 20;

interface Count {
  /** What the vault answered last: the requests that all processes have reported. */
  reported: number;
  /** Requests let through that no report contains yet, and those of reports under way. */
  pending: number;
  unreported: number;
}

/**
 * Counts in windows that all processes begin at the same time. A process counts a source in memory, and adds what came together
 * to the count in the vault with one statement for each twentieth of the limit; so a request costs no statement of its own. A
 * source can exceed the limit by a twentieth for each process that it reaches. Once over the limit, it is refused from memory
 * until the window ends.
 */
export const requestLimit = ({
  add,
  clock,
  perWindow,
  windowMs,
  slug = 'too-many-attempts',
  countsFailed = true,
}: RequestLimitOptions): RequestLimit => {
  const batch = Math.max(1, Math.floor(perWindow / BATCHES));
  const queued = vaultQueue();
  let window = { ends: 0, counts: new Map<string, Count>() };

  const currentWindow = (now: number) => {
    const ends = (Math.floor(now / windowMs) + 1) * windowMs;
    if (window.ends !== ends) window = { ends, counts: new Map() };
    return window;
  };

  const report = async (counted: Count, route: string, source: string, ends: number): Promise<void> => {
    const requests = counted.unreported;
    counted.unreported = 0;
    try {
      const turn = { purpose: route, source };
      const reported = await queued(turn, () => add({ route, source }, new Date(ends), requests));
      counted.reported = Math.max(counted.reported, reported);
      counted.pending -= requests;
    } catch (error) {
      counted.unreported += requests;
      throw error;
    }
  };

  const countedOf = (route: string, source: string) => {
    const now = clock.now().getTime();
    const { ends, counts } = currentWindow(now);
    const key = `${route}\0${source}`;
    const counted = counts.get(key) ?? { reported: 0, pending: 0, unreported: 0 };
    counts.set(key, counted);
    const refusal = () => new Refused(slug, { retryAfterSeconds: (ends - now) / 1_000 });
    return { counted, ends, refusal, isOver: counted.reported + counted.pending >= perWindow };
  };

  return {
    count: async (route, source) => {
      const { counted, ends, refusal, isOver } = countedOf(route, source);
      if (isOver) throw refusal();
      counted.pending += 1;
      counted.unreported += 1;
      if (counted.unreported < batch) return;
      try {
        await report(counted, route, source, ends);
      } catch (error) {
        if (!countsFailed) takeOne(counted);
        throw error;
      }
      if (counted.reported > perWindow) throw refusal();
    },
    giveBack: async (route, source) => {
      const { counted, ends } = countedOf(route, source);
      if (counted.unreported > 0) return takeOne(counted);
      counted.reported -= 1;
      await add({ route, source }, new Date(ends), -1);
    },
    refuseExcess: (route, source) => {
      const { refusal, isOver } = countedOf(route, source);
      if (isOver) throw refusal();
    },
  };
};
