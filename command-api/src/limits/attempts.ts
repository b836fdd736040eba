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

/** Counts and takes in one transaction, locked by account and by source: no two can see the same free place. */
export const takeAttempt = (vault: pg.Pool, who: Attempted, now: Date, numbers: LimitNumbers): Promise<Taken> =>
  withTransaction(vault, async (tx) => {
    await lock(tx, who);
    const verdict = verdictOn(await countAttempts(tx, who, now, numbers), numbers, now);
    if (verdict.outcome !== 'free') return verdict;
    return { outcome: 'taken', id: await insert(tx, who, now, 'in-flight') };
  });

export const markFailed = async (vault: pg.Pool, id: string, now: Date): Promise<void> => {
  await vault.query(`update attempt set state = 'failed', at = $2 where id = $1`, [id, now]);
};

/** Gives the attempt back and ends the row of failures. */
export const markSucceeded = async (vault: pg.Pool, id: string, { account, source }: Attempted): Promise<void> => {
  await vault.query(`delete from attempt where id = $1 or (account = $2 and source = $3 and state = 'failed')`, [
    id,
    account,
    source,
  ]);
};

export const deleteAttempt = async (vault: pg.Pool, id: string): Promise<void> => {
  await vault.query('delete from attempt where id = $1', [id]);
};

/** What an erasure takes with it. */
export const deleteAttemptsAt = async (tx: Transaction, account: Buffer): Promise<void> => {
  await tx.query('delete from attempt where account = $1', [account]);
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
  const { rows } = await tx.query<{ id: string }>(
    'insert into attempt (account, source, at, state) values ($1, $2, $3, $4) returning id',
    [who.account, who.source, now, state],
  );
  return rows[0]?.id ?? '';
};

const countAttempts = async (tx: Transaction, who: Attempted, now: Date, numbers: LimitNumbers): Promise<Counts> => {
  const { rows } = await tx.query<Counts>(
    `with relevant as (
       select account, source, at, state from attempt
       where (account = $1 and at > $3 or source = $2 and at > $4) and state <> 'mail'
         and (state = 'failed' or at > $5))
     select count(*) filter (where account = $1 and source = $2 and state = 'failed')::int as "pairFailed",
            count(*) filter (where account = $1 and source = $2 and state = 'in-flight')::int as "pairInFlight",
            max(at) filter (where account = $1 and source = $2 and state = 'failed') as "pairLast",
            count(*) filter (where account = $1 and state = 'failed')::int as "accountFailed",
            count(*) filter (where account = $1 and state = 'in-flight')::int as "accountInFlight",
            max(at) filter (where account = $1 and state = 'failed') as "accountLast",
            count(*) filter (where source = $2 and at > $4 and state = 'failed')::int as "sourceFailed",
            count(*) filter (where source = $2 and state = 'in-flight')::int as "sourceInFlight",
            (select at + $6 * interval '1 ms' from relevant where source = $2 and at > $4 and state = 'failed'
             order by at desc offset $7 limit 1) as "sourceFreeAt"
     from relevant`,
    [
      who.account,
      who.source,
      new Date(now.getTime() - ATTEMPT_LIFE_MS),
      new Date(now.getTime() - SOURCE_WINDOW_MS),
      new Date(now.getTime() - IN_FLIGHT_MS),
      SOURCE_WINDOW_MS,
      numbers.failuresPerSource - 1,
    ],
  );
  return rows[0] as Counts;
};
