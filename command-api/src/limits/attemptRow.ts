import { inBatches } from '@ums/kit/postgres/inBatches';
import type { Transaction } from '@ums/kit/postgres/transaction';
import type { AttemptBuckets, StartedAttempt } from './buckets.js';
import { KNOWN_SOURCE_MS, rememberSource } from './knownSourceRow.js';
import type { LimitSettings } from './limitSettings.js';
import { type Counts, type Verdict, verdictOn } from './verdict.js';

export type AttemptStart = { outcome: 'started'; id: string } | Exclude<Verdict, { outcome: 'allowed' }>;

/** Failures in a row stop counting after this time, or with a success. */
const ATTEMPT_LIFE_MS = 24 * 3_600_000;
/** Mails count for this long; see `count_mail` in the migrations. */
const MAIL_LIFE_MS = 3_600_000;
/** An attempt in flight stops counting after this time: its process may have died. */
const IN_FLIGHT_MS = 30_000;
const SOURCE_WINDOW_MS = 900_000;
/** The clocks of the processes may differ by this much; a row that is further ahead is of a clock that was set back since. */
const CLOCKS_DIFFER_MS = 60_000;

/**
 * Counts the attempts of the account and of the source, and inserts one in flight. One statement; see `start_attempt` in the
 * migrations. Its locks let calls for an account or a source, in any process, count one after the other, so that two cannot
 * both get the last place.
 */
export const startAttempt = async (
  vault: Transaction,
  { counted, source, known, address }: AttemptBuckets,
  now: Date,
  settings: LimitSettings,
): Promise<AttemptStart> => {
  const since = (ms: number): Date => new Date(now.getTime() - ms);
  const times = [ATTEMPT_LIFE_MS, SOURCE_WINDOW_MS, IN_FLIGHT_MS, KNOWN_SOURCE_MS].map(since);
  const { rows } = await vault.query<Counts & { id: string }>({
    name: 'start-attempt',
    text: 'select * from start_attempt($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
    values: [counted, source, address ?? null, known, now, ...times, settings.failuresPerSource],
  });
  const { id, ...counts } = rows[0] as Counts & { id: string };
  const verdict = verdictOn(counts, settings, now);
  if (verdict.outcome === 'allowed') return { outcome: 'started', id };
  await deleteAttempt(vault, id);
  return verdict;
};

/** Counts an attempt in flight as failed, from `now` on. */
export const markFailed = async (vault: Transaction, id: string, now: Date): Promise<void> => {
  await vault.query({
    name: 'fail-attempt',
    text: `update attempt set state = 'failed', at = $2 where id = $1`,
    values: [id, now],
  });
};

/** Deletes the attempt and the failures that count with it from this source. */
export const markSucceeded = async (
  vault: Transaction,
  { id, counted, source }: Omit<StartedAttempt, 'clear'>,
): Promise<void> => {
  await vault.query({
    name: 'succeed-attempt',
    text: clearAttempt({ id: 1, counted: 2, source: 3 }),
    values: [id, counted, source],
  });
};

/**
 * A statement that does what {@link markSucceeded} does, for use as a common table expression. The numbers are those of the
 * statement's parameters.
 */
export const clearAttempt = ({ id, counted, source }: Record<'id' | 'counted' | 'source', number>): string =>
  `delete from attempt where id = $${id}::bigint or (account = $${counted} and source = $${source} and state = 'failed')`;

/**
 * Deletes the failures of an account from a source, and remembers the source, as a log-in does. Nothing is remembered of a user who
 * is not active, or is erased meanwhile.
 */
export const trustSource = async (
  vault: Transaction,
  { account, source, known }: AttemptBuckets,
  userId: string,
  now: Date,
): Promise<void> => {
  await vault.query({
    name: 'trust-source',
    text: `with holder as (select user_id from account where user_id = $4 and status = 'active' for share),
             cleared as (delete from attempt where account = $1 and source = $2 and state = 'failed'),
             ${rememberSource({ source: 3, at: 5 })}
           select from holder`,
    values: [account, source, known, userId, now],
  });
};

/** Stops counting an attempt that tested no secret: it was refused, or its check threw. */
export const deleteAttempt = async (vault: Transaction, id: string): Promise<void> => {
  await vault.query({ name: 'delete-attempt', text: 'delete from attempt where id = $1', values: [id] });
};

/**
 * Deletes all attempts on these accounts, and takes the account off their mails, which go on counting for their source. Without these
 * counts, a user could be erased, register again, and send mails without a limit.
 *
 * @param accounts as `Buckets.account` gives them.
 */
export const forgetAttemptsOn = (tx: Transaction, accounts: Buffer[]) =>
  tx.query({
    name: 'forget-attempts-on-accounts',
    text: `with mails as (update attempt set account = sha256(uuid_send(gen_random_uuid()))
                          where account = any($1::bytea[]) and state in ('mail', 'silent'))
           delete from attempt where account = any($1::bytea[]) and state not in ('mail', 'silent')`,
    values: [accounts],
  });

/**
 * Deletes attempts and mails that are too old to count. Those that lie in the future count as of `now`: they were counted while
 * the clock was ahead, and would keep users out until it is there again.
 */
export const sweepAttempts = async (vault: Transaction, now: Date): Promise<void> => {
  await inBatches((limit) =>
    vault.query({
      name: 'bring-back-attempts',
      text: `update attempt set at = $1 where id = any(array(
               select id from attempt where at > $2 order by at limit $3 for update skip locked))`,
      values: [now, new Date(now.getTime() + CLOCKS_DIFFER_MS), limit],
    }),
  );
  await inBatches((limit) =>
    vault.query({
      name: 'sweep-attempts',
      text: `delete from attempt where id = any(array(
               select id from attempt where at <= $1 order by at limit $2 for update skip locked))`,
      values: [new Date(now.getTime() - ATTEMPT_LIFE_MS), limit],
    }),
  );
  await inBatches((limit) =>
    vault.query({
      name: 'sweep-mail-counts',
      text: `delete from attempt where id = any(array(
               select id from attempt where state in ('mail', 'silent') and at <= $1
               order by at limit $2 for update skip locked))`,
      values: [new Date(now.getTime() - MAIL_LIFE_MS), limit],
    }),
  );
};
