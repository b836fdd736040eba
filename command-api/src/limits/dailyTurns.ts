import type { KeyObject } from 'node:crypto';
import type { Clock } from '@ums/kit/clock';
import { Refused } from '@ums/kit/refused';
import type pg from 'pg';
import { attemptBuckets } from './buckets.js';
import { addRequests, takeRequest } from './requestCountRow.js';

/** A limit on costly work for a user in a day, which all processes count together and exactly. */
export interface DailyTurns {
  /**
   * Takes one of the turns of the day.
   *
   * @returns what gives it back, for work that did not begin; to be called once.
   * @throws Refused `too-many-attempts` when none is left, with the time until the next day; the vault's error when it is down.
   */
  take(route: string, userId: string): Promise<() => Promise<void>>;
}

export interface DailyTurnsDeps {
  vault: pg.Pool;
  clock: Clock;
  addressKey: KeyObject;
  perDay: number;
}

const DAY_MS = 86_400_000;

/**
 * Days begin at midnight in UTC. Unlike `createRequestLimit`, it asks the vault each time: a limit of one is exceeded by a
 * process that counts for itself, and a turn that is given back must be free at once.
 */
export const createDailyTurns = ({ vault, clock, addressKey, perDay }: DailyTurnsDeps): DailyTurns => {
  const bucketOf = attemptBuckets(addressKey);
  return {
    take: async (route, userId) => {
      const now = clock.now().getTime();
      const ends = (Math.floor(now / DAY_MS) + 1) * DAY_MS;
      const bucket = bucketOf.requests(route, userId);
      if (!(await takeRequest(vault, bucket, new Date(ends), perDay)))
        throw new Refused('too-many-attempts', { retryAfterSeconds: (ends - now) / 1_000 });
      return async () => {
        await addRequests(vault, bucket, new Date(ends), -1);
      };
    },
  };
};
