import type { Transaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import type { AttemptBuckets } from './buckets.js';
import { ATTEMPT_LIFE_MS, countOtherAttempts } from './countAttempts.js';
import type { LimitSettings } from './limitSettings.js';
import { type Verdict, verdictOn } from './verdict.js';

export type AttemptStart = { outcome: 'started'; id: string } | Exclude<Verdict, { outcome: 'allowed' }>;

/**
 * Inserts the attempt as in flight, then counts the others. Of two concurrent attempts, in any process, the one that
 * counts later sees the other's row, so the two cannot both get the last place. Both may see each other; then both are
 * undecided and try again. Takes no lock and no transaction, because it runs before every hash.
 */
export const startAttempt = async (
  vault: pg.Pool,
  buckets: AttemptBuckets,
  now: Date,
  settings: LimitSettings,
): Promise<AttemptStart> => {
  const id = await insert(vault, buckets, now);
  const verdict = verdictOn(await countOtherAttempts(vault, id, buckets, now, settings), settings, now);
  if (verdict.outcome === 'allowed') return { outcome: 'started', id };
  await deleteAttempt(vault, id);
  return verdict;
};

/** Counts an attempt in flight as failed, from `now` on. */
export const markFailed = async (vault: pg.Pool, id: string, now: Date): Promise<void> => {
  await vault.query({
    name: 'fail-attempt',
    text: `update attempt set state = 'failed', at = $2 where id = $1`,
    values: [id, now],
  });
};

/** Deletes the attempt and the failures of this account from this source. */
export const markSucceeded = async (vault: pg.Pool, id: string, { account, source }: AttemptBuckets): Promise<void> => {
  await vault.query({
    name: 'succeed-attempt',
    text: `delete from attempt where id = $1 or (account = $2 and source = $3 and state = 'failed')`,
    values: [id, account, source],
  });
};

/** Stops counting an attempt that tested no secret: it was refused, or its check threw. */
export const deleteAttempt = async (vault: pg.Pool, id: string): Promise<void> => {
  await vault.query({ name: 'delete-attempt', text: 'delete from attempt where id = $1', values: [id] });
};

/** Deletes all attempts and mails of these accounts. @param accounts as `Buckets.account` gives them. */
export const deleteAttemptsOn = (tx: Transaction, accounts: Buffer[]) =>
  tx.query({
    name: 'delete-attempts-on-accounts',
    text: 'delete from attempt where account = any($1::bytea[])',
    values: [accounts],
  });

/** Deletes attempts and mails that are too old to count. */
export const sweepAttempts = async (vault: pg.Pool, now: Date): Promise<void> => {
  await vault.query({
    name: 'sweep-attempts',
    text: 'delete from attempt where id in (select id from attempt where at <= $1 for update skip locked)',
    values: [new Date(now.getTime() - ATTEMPT_LIFE_MS)],
  });
};

const insert = async (vault: pg.Pool, { account, source }: AttemptBuckets, now: Date): Promise<string> => {
  const { rows } = await vault.query<{ id: string }>({
    name: 'insert-attempt',
    text: `insert into attempt (account, source, at, state) values ($1, $2, $3, 'in-flight') returning id`,
    values: [account, source, now],
  });
  return rows[0]?.id ?? '';
};
