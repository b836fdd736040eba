import { inBatches } from '@ums/kit/postgres/inBatches';
import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import { lockAccount } from './accountRow.js';
import { addSessionRevocations } from './revocationRow.js';

/** Deletes sessions of a user and revokes their access tokens. No-op if there is no account or it is erased. */
export const revokeSessions = (vault: pg.Pool, userId: string, sessionIds: readonly string[]): Promise<void> =>
  withTransaction(vault, async (tx) => {
    const account = await lockAccount(tx, userId);
    if (account === undefined || account.status === 'erased') return;
    await tx.query({
      name: 'delete-sessions',
      text: 'delete from session where id = any($1::uuid[]) and user_id = $2',
      values: [sessionIds, userId],
    });
    await addSessionRevocations(tx, userId, sessionIds);
  });

/** Deletes a user's sessions of all epochs below this one. */
export const deleteSessionsBefore = (tx: Transaction, userId: string, epoch: bigint) =>
  tx.query({
    name: 'delete-sessions-before-epoch',
    text: 'delete from session where user_id = $1 and epoch < $2',
    values: [userId, String(epoch)],
  });

export const deleteSessionsOf = (tx: Transaction, userId: string) =>
  tx.query({ name: 'delete-sessions-of-user', text: 'delete from session where user_id = $1', values: [userId] });

/** The ids among these whose session still has a row. */
export const existingSessions = async (tx: Transaction, ids: readonly string[]): Promise<string[]> => {
  const { rows } = await tx.query<{ id: string }>({
    name: 'find-existing-sessions',
    text: 'select id from session where id = any($1::uuid[])',
    values: [ids],
  });
  return rows.map(({ id }) => id);
};

/** Deletes expired sessions. Locked rows are left to a later sweep. */
export const sweepSessions = (vault: Transaction, now: Date): Promise<void> =>
  inBatches((limit) =>
    vault.query({
      name: 'sweep-sessions',
      text: `delete from session where id = any(array(
               select id from session where expires_at <= $1 order by expires_at limit $2 for update skip locked))`,
      values: [now, limit],
    }),
  );
