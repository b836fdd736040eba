import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import { lockAccount } from '../account/accountRow.js';
import { addSessionRevocation } from '../account/revocationRow.js';
import { type SessionHolder, type SessionHolderRow, toSessionHolder } from '../authorization/liveSession.js';
import { type KnownSource, rememberSource } from '../limits/knownSource.js';

const DAY_SECONDS = 86_400;
/** A session that is not refreshed for this long ends. */
const IDLE_SECONDS = 14 * DAY_SECONDS;
/** A session ends after this long even when in use (NIST SP 800-63B-4 §2.1.3: 30 days at AAL1). */
const ABSOLUTE_SECONDS = 30 * DAY_SECONDS;

export interface NewSession {
  id: string;
  userId: string;
  /** The epoch of the user's stream as the login read it; never changes during the session. */
  epoch: bigint;
  /** Where the log-in came from. */
  from: KnownSource;
}

/**
 * Inserts a session in one statement that locks the account's row, so that no revocation can commit in between. The lock
 * waits for a revocation in progress, then checks the condition again on the row it wrote. Also remembers where the log-in
 * came from.
 *
 * @returns `undefined` unless the account is active and its epoch is at most the one that the login read.
 */
export const insertSession = async (
  vault: Transaction,
  { id, userId, epoch, from }: NewSession,
  now: Date,
): Promise<SessionHolder | undefined> => {
  const { rows } = await vault.query<SessionHolderRow>({
    name: 'insert-session',
    text: `with holder as (
             select user_id, roles, epoch from account
             where user_id = $2 and status = 'active' and epoch <= $3::bigint for share),
           started as (
             insert into session (id, user_id, epoch, started_at, rotated_at, expires_at)
             select $1, user_id, $3::bigint, $4::timestamptz, $4, $4::timestamptz + $5 * interval '1 s' from holder),${rememberSource({ account: 6, source: 7, at: 4 })}
           select user_id, roles, epoch from holder`,
    values: [id, userId, String(epoch), now, IDLE_SECONDS, from.account, from.source],
  });
  return toSessionHolder(rows[0]);
};

/**
 * One compare-and-set on the generation: of all uses of one generation exactly one rotates the session (T-05).
 *
 * @returns `undefined` if another use rotated it, the session has ended, or the account is not active.
 */
export const rotateSession = async (
  vault: Transaction,
  { sessionId, generation }: { sessionId: string; generation: number },
  now: Date,
): Promise<SessionHolder | undefined> => {
  const { rows } = await vault.query<SessionHolderRow>({
    name: 'rotate-session',
    text: `update session set generation = generation + 1, rotated_at = $3,
             expires_at = least($3::timestamptz + $4 * interval '1 s', started_at + $5 * interval '1 s')
           from account
           where session.id = $1 and session.generation = $2 and session.expires_at > $3
             and account.user_id = session.user_id and account.status = 'active'
             and session.epoch >= account.sessions_from
           returning account.user_id, account.roles, account.epoch`,
    values: [sessionId, generation, now, IDLE_SECONDS, ABSOLUTE_SECONDS],
  });
  return toSessionHolder(rows[0]);
};

/** Deletes a session and revokes its access tokens. No-op if there is no account or it is erased. */
export const revokeSession = (vault: pg.Pool, userId: string, sessionId: string): Promise<void> =>
  withTransaction(vault, async (tx) => {
    const account = await lockAccount(tx, userId);
    if (account === undefined || account.status === 'erased') return;
    await tx.query('delete from session where id = $1 and user_id = $2', [sessionId, userId]);
    await addSessionRevocation(tx, userId, sessionId);
  });

/** The ids among these whose session still has a row. */
export const existingSessions = async (tx: Transaction, ids: readonly string[]): Promise<string[]> => {
  const { rows } = await tx.query<{ id: string }>('select id from session where id = any($1::uuid[])', [ids]);
  return rows.map(({ id }) => id);
};

/** Deletes expired sessions. Locked rows are left to a later sweep. */
export const sweepSessions = (tx: Transaction, now: Date) =>
  tx.query('delete from session where id in (select id from session where expires_at <= $1 for update skip locked)', [
    now,
  ]);
