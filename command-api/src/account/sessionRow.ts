import type { Role } from '@ums/contracts/roles';
import type { Transaction } from '@ums/kit/postgres/transaction';
import { clearAttempt } from '../limits/attemptRow.js';
import type { StartedAttempt } from '../limits/buckets.js';
import { rememberSource } from '../limits/knownSourceRow.js';

const DAY_SECONDS = 86_400;
/** A session that is not refreshed for this long ends. */
const IDLE_SECONDS = 14 * DAY_SECONDS;
/** A session ends after this long even when in use (NIST SP 800-63B-4 §2.1.3: 30 days at AAL1). */
const ABSOLUTE_SECONDS = 30 * DAY_SECONDS;

/** More would make a suspension take longer than a statement may. It ends those that were refreshed longest ago. */
const MOST_SESSIONS = 1_000;
/** A log-in ends as many at most. */
const MOST_ENDED = 100;

/** The account data that the access tokens of a session carry. */
export interface SessionHolder {
  userId: string;
  roles: Role[];
  /** At least that of the session: the account's row learns of an event a moment later, and would then revoke the new token. */
  epoch: bigint;
}

interface SessionHolderRow {
  user_id: string;
  roles: Role[];
  epoch: string;
}

/** Converts a row; 64-bit numbers come as text. */
const toSessionHolder = (row: SessionHolderRow | undefined): SessionHolder | undefined =>
  row && { userId: row.user_id, roles: row.roles, epoch: BigInt(row.epoch) };

export interface NewSession {
  id: string;
  userId: string;
  /** The epoch of the user's stream as the login read it; never changes during the session. */
  epoch: bigint;
  /** The attempt to log in, which has passed. */
  attempt: Omit<StartedAttempt, 'clear'>;
}

/**
 * Inserts a session in one statement that locks the account's row, so that no revocation can commit in between. The lock
 * waits for a revocation in progress, then checks the condition again on the row it wrote. Also clears
 * the attempt, in any case, and remembers where the log-in came from. Finds the sessions of the user that are too many, for
 * `revokeSessions`.
 *
 * @returns the holder, and the ids of the sessions that are too many; `undefined` unless the account is active and its epoch is
 * at most the one that the login read.
 */
export const insertSession = async (
  vault: Transaction,
  { id, userId, epoch, attempt }: NewSession,
  now: Date,
): Promise<(SessionHolder & { excess: string[] }) | undefined> => {
  const { rows } = await vault.query<SessionHolderRow & { excess: string[] }>({
    name: 'insert-session',
    text: `with holder as (
             select user_id, roles, epoch from account
             where user_id = $2 and status = 'active' and epoch <= $3::bigint for share),
           started as (
             insert into session (id, user_id, epoch, started_at, rotated_at, expires_at)
             select $1, user_id, $3::bigint, $4::timestamptz, $4, $4::timestamptz + $5 * interval '1 s' from holder),
           excess as (
             select id from session join holder using (user_id)
             order by rotated_at desc, id offset $9 limit ${MOST_ENDED}),
           cleared as (${clearAttempt({ id: 7, counted: 10, source: 8 })}),${rememberSource({ source: 6, at: 4 })}
           select user_id, roles, $3::bigint as epoch, array(select id from excess) as excess from holder`,
    values: [
      ...[id, userId, String(epoch), now, IDLE_SECONDS],
      ...[attempt.known, attempt.id, attempt.source, MOST_SESSIONS - 1, attempt.counted],
    ],
  });
  const holder = toSessionHolder(rows[0]);
  return holder && { ...holder, excess: rows[0]?.excess ?? [] };
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
           returning account.user_id, account.roles, greatest(account.epoch, session.epoch) as epoch`,
    values: [sessionId, generation, now, IDLE_SECONDS, ABSOLUTE_SECONDS],
  });
  return toSessionHolder(rows[0]);
};

/** A session that can still be used: neither expired nor ended, on an active account. */
export interface LiveSession extends SessionHolder {
  /** The epoch of the session: events of the user's stream with a later revision may have ended it. */
  sessionEpoch: bigint;
  generation: number;
  rotatedAt: Date;
}

/** One query without a lock: a revocation that commits concurrently takes effect at the next call. */
export const findLiveSession = async (
  vault: Transaction,
  sessionId: string,
  now: Date,
): Promise<LiveSession | undefined> => {
  const { rows } = await vault.query<
    SessionHolderRow & { session_epoch: string; generation: number; rotated_at: Date }
  >({
    name: 'find-live-session',
    text: `select user_id, roles, greatest(account.epoch, session.epoch) as epoch, session.epoch as session_epoch, generation, rotated_at
           from session join account using (user_id)
           where session.id = $1 and expires_at > $2 and status = 'active' and session.epoch >= sessions_from`,
    values: [sessionId, now],
  });
  const [row] = rows;
  const holder = toSessionHolder(row);
  if (row === undefined || holder === undefined) return undefined;
  return { ...holder, sessionEpoch: BigInt(row.session_epoch), generation: row.generation, rotatedAt: row.rotated_at };
};
