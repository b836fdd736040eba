import type pg from 'pg';
import type { AttemptBuckets } from './buckets.js';
import { KNOWN_SOURCE_MS } from './knownSourceRow.js';
import type { LimitSettings } from './limitSettings.js';
import type { Counts } from './verdict.js';

/** Failures in a row stop counting after this time, or with a success. */
export const ATTEMPT_LIFE_MS = 24 * 3_600_000;
/** An attempt in flight stops counting after this time: its process may have died. */
const IN_FLIGHT_MS = 30_000;
const SOURCE_WINDOW_MS = 900_000;

const COUNT = `
  with other as (
    select account = $1 as same_account, source = $2 as same_source, account = $1 and source = $2 as pair, at,
           source = $2 and at > $4 as in_window, state = 'failed' as failed
    from attempt
    where (account = $1 and at > $3 or source = $2 and at > $4) and state in ('failed', 'in-flight')
      and (state = 'failed' or at > $5) and id <> $6)
  select count(*) filter (where pair and failed)::int as "pairFailed",
         count(*) filter (where pair and not failed)::int as "pairInFlight",
         max(at) filter (where pair and failed) as "pairLast",
         count(*) filter (where same_account and failed)::int as "accountFailed",
         count(*) filter (where same_account and not failed)::int as "accountInFlight",
         max(at) filter (where same_account and failed) as "accountLast",
         count(*) filter (where in_window and failed)::int as "sourceFailed",
         count(*) filter (where same_source and not failed)::int as "sourceInFlight",
         (select at + $7 * interval '1 ms' from other where in_window and failed
          order by at desc offset $8 limit 1) as "sourceFreeAt",
         exists (select from known_source where account = $1 and source = $9 and at > $10) as "sourceKnown"
  from other`;

/** Counts the attempts of an account and of a source, except the one with this id. */
export const countOtherAttempts = async (
  vault: pg.Pool,
  id: string,
  { account, source, known }: AttemptBuckets,
  now: Date,
  { failuresPerSource }: LimitSettings,
): Promise<Counts> => {
  const since = (ms: number): Date => new Date(now.getTime() - ms);
  const times = [since(ATTEMPT_LIFE_MS), since(SOURCE_WINDOW_MS), since(IN_FLIGHT_MS)];
  const { rows } = await vault.query<Counts>({
    name: 'count-attempts',
    text: COUNT,
    values: [
      ...[account, source, ...times, id, SOURCE_WINDOW_MS, failuresPerSource - 1],
      ...[known, since(KNOWN_SOURCE_MS)],
    ],
  });
  return rows[0] as Counts;
};
