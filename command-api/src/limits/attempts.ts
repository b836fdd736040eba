import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import type { LimitNumbers } from './limitNumbers.js';
import { type Counts, type Verdict, verdictOn } from './verdict.js';

/** Who attempts, as the table knows it; see `buckets.ts`. */
export interface Attempted {
  account: Buffer;
  source: Buffer;
}

export type Taken = { outcome: 'taken'; id: string } | Exclude<Verdict, { outcome: 'free' }>;

const HOUR_MS = 3_600_000;
/** An attempt in flight counts no longer: its process may have died. */
const IN_FLIGHT_MS = 30_000;
const SOURCE_WINDOW_MS = HOUR_MS / 4;
/** Failures in a row end with a success, or after this long without counting. */
const ATTEMPT_LIFE_MS = 24 * HOUR_MS;

/**
 * Writes the attempt down, then counts the others. Whoever counts later has the other's row before his eyes, so no two
 * can take the same last place, in whatever process; both may miss it, and try again. No lock, no transaction: this is
 * done before every hash.
 */
export const takeAttempt = async (vault: pg.Pool, who: Attempted, now: Date, numbers: LimitNumbers): Promise<Taken> => {
  const id = await insert(vault, who, now, 'in-flight');
  const verdict = verdictOn(await countOthers(vault, id, who, now, numbers), numbers, now);
  if (verdict.outcome === 'free') return { outcome: 'taken', id };
  await deleteAttempt(vault, id);
  return verdict;
};

export const markFailed = async (vault: pg.Pool, id: string, now: Date): Promise<void> => {
  const text = `update attempt set state = 'failed', at = $2 where id = $1`;
  await vault.query({ name: 'fail-attempt', text, values: [id, now] });
};

/** Gives the attempt back and ends the row of failures. */
export const markSucceeded = async (vault: pg.Pool, id: string, { account, source }: Attempted): Promise<void> => {
  const text = `delete from attempt where id = $1 or (account = $2 and source = $3 and state = 'failed')`;
  await vault.query({ name: 'succeed-attempt', text, values: [id, account, source] });
};

export const deleteAttempt = async (vault: pg.Pool, id: string): Promise<void> => {
  await vault.query('delete from attempt where id = $1', [id]);
};

/** Deletes what counts for nothing any more. */
export const sweepAttempts = async (vault: pg.Pool, now: Date): Promise<void> => {
  await vault.query('delete from attempt where id in (select id from attempt where at <= $1 for update skip locked)', [
    new Date(now.getTime() - ATTEMPT_LIFE_MS),
  ]);
};

/** Takes one mail of the hour's allowance, or says that it is used up. */
export const takeMail = (vault: pg.Pool, who: Attempted, now: Date, numbers: LimitNumbers): Promise<boolean> =>
  withTransaction(vault, async (tx) => {
    await lock(tx, who);
    const { rows } = await tx.query<{ pair: number; account: number; source: number }>(
      `select count(*) filter (where account = $1 and source = $2)::int as pair,
              count(*) filter (where account = $1)::int as account, count(*) filter (where source = $2)::int as source
       from attempt where (account = $1 or source = $2) and state = 'mail' and at > $3`,
      [who.account, who.source, new Date(now.getTime() - HOUR_MS)],
    );
    const [sent] = rows;
    if (sent === undefined || sent.pair >= numbers.mailsPerAddressAndSource) return false;
    if (sent.account >= numbers.mailsPerAddress || sent.source >= numbers.mailsPerSource) return false;
    await insert(tx, who, now, 'mail');
    return true;
  });

/** In one order for everybody, source after account: two attempts can wait for each other's locks only one way round. */
const lock = async (tx: Transaction, { account, source }: Attempted): Promise<void> => {
  for (const [space, bucket] of [
    [1, account],
    [2, source],
  ] as const)
    await tx.query('select pg_advisory_xact_lock($1, $2)', [space, bucket.readInt32BE()]);
};

const insert = async (tx: Transaction, who: Attempted, now: Date, state: 'in-flight' | 'mail'): Promise<string> => {
  const { rows } = await tx.query<{ id: string }>({
    name: 'insert-attempt',
    text: 'insert into attempt (account, source, at, state) values ($1, $2, $3, $4) returning id',
    values: [who.account, who.source, now, state],
  });
  return rows[0]?.id ?? '';
};

const COUNT = `
  with other as (
    select account = $1 as same_account, source = $2 as same_source, account = $1 and source = $2 as pair, at,
           source = $2 and at > $4 as in_window, state = 'failed' as failed
    from attempt
    where (account = $1 and at > $3 or source = $2 and at > $4) and state <> 'mail'
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
          order by at desc offset $8 limit 1) as "sourceFreeAt"
  from other`;

const countOthers = async (
  vault: pg.Pool,
  id: string,
  { account, source }: Attempted,
  now: Date,
  { failuresPerSource }: LimitNumbers,
): Promise<Counts> => {
  const since = (ms: number): Date => new Date(now.getTime() - ms);
  const times = [since(ATTEMPT_LIFE_MS), since(SOURCE_WINDOW_MS), since(IN_FLIGHT_MS)];
  const { rows } = await vault.query<Counts>({
    name: 'count-attempts',
    text: COUNT,
    values: [account, source, ...times, id, SOURCE_WINDOW_MS, failuresPerSource - 1],
  });
  return rows[0] as Counts;
};
