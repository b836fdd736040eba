import type { Role } from '@ums/contracts/roles';
import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import { lockAccount } from '../vault/account.js';
import { revokeSession } from '../vault/revocation.js';
import { ABSOLUTE_SECONDS, IDLE_SECONDS } from './sessionLife.js';

/** What the account gives to the access tokens of its sessions. */
export interface Holder {
  userId: string;
  roles: Role[];
  epoch: bigint;
}

interface HolderRow {
  user_id: string;
  roles: Role[];
  epoch: string;
}

const toHolder = (row: HolderRow | undefined): Holder | undefined =>
  row && { userId: row.user_id, roles: row.roles, epoch: BigInt(row.epoch) };

export interface NewSession {
  id: string;
  userId: string;
  /** Folded from the stream that the login read: the session's for ever. */
  epoch: bigint;
}

/**
 * One statement, and the account's row locked in it: no cut can slip in between. `undefined` unless the account is active
 * and not ahead of what login read. The lock waits for a cut under way and looks again at what it wrote.
 */
export const insertSession = async (
  vault: Transaction,
  { id, userId, epoch }: NewSession,
  now: Date,
): Promise<Holder | undefined> => {
  const { rows } = await vault.query<HolderRow>({
    name: 'insert-session',
    text: `with holder as (
             select user_id, roles, epoch from account
             where user_id = $2 and status = 'active' and epoch <= $3::bigint for share),
           started as (
             insert into session (id, user_id, epoch, started_at, rotated_at, expires_at)
             select $1, user_id, $3::bigint, $4::timestamptz, $4, $4::timestamptz + $5 * interval '1 s' from holder)
           select user_id, roles, epoch from holder`,
    values: [id, userId, String(epoch), now, IDLE_SECONDS],
  });
  return toHolder(rows[0]);
};

/** Compare and set, joined with an active account: of all uses of one generation exactly one moves it (T-05). */
export const rotateSession = async (
  vault: Transaction,
  { sessionId, generation }: { sessionId: string; generation: number },
  now: Date,
): Promise<Holder | undefined> => {
  const { rows } = await vault.query<HolderRow>({
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
  return toHolder(rows[0]);
};

/** A session that can still be used, as it stands. */
export interface LiveSession extends Holder {
  generation: number;
  rotatedAt: Date;
}

/** One query; no lock, for whoever asks has its answer overtaken by the next cut at worst. */
export const findLiveSession = async (
  vault: Transaction,
  sessionId: string,
  now: Date,
): Promise<LiveSession | undefined> => {
  const { rows } = await vault.query<HolderRow & { generation: number; rotated_at: Date }>({
    name: 'find-live-session',
    text: `select user_id, roles, account.epoch, generation, rotated_at from session join account using (user_id)
           where session.id = $1 and expires_at > $2 and status = 'active' and session.epoch >= sessions_from`,
    values: [sessionId, now],
  });
  const [row] = rows;
  const holder = toHolder(row);
  return row && holder && { ...holder, generation: row.generation, rotatedAt: row.rotated_at };
};

/** Ends a session and the access tokens it gave. Without account, or erased, nothing is left to end. */
export const cutSession = (vault: pg.Pool, userId: string, sessionId: string): Promise<void> =>
  withTransaction(vault, async (tx) => {
    const account = await lockAccount(tx, userId);
    if (account === undefined || account.status === 'erased') return;
    await tx.query('delete from session where id = $1 and user_id = $2', [sessionId, userId]);
    await revokeSession(tx, userId, sessionId);
  });
