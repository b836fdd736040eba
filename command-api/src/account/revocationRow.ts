import type { Transaction } from '@ums/kit/postgres/transaction';

/** Any 64-bit number; only revocations use this one. */
const REVOCATION_LOCK = 5_641_207_771_330_142n;

/**
 * Revokes the access tokens of one session. The last statement of its transaction: ids must become visible in the order
 * they are drawn, or a poller that saw a higher one would never look for a lower one again.
 */
export const addSessionRevocation = (tx: Transaction, userId: string, sessionId: string): Promise<void> =>
  revoke(tx, 'session_id', userId, sessionId);

/** Revokes all access tokens a user got under an epoch below this one. The last statement of its transaction. */
export const addRevocationBefore = (tx: Transaction, userId: string, epoch: bigint): Promise<void> =>
  revoke(tx, 'epoch', userId, String(epoch));

const revoke = async (tx: Transaction, column: 'session_id' | 'epoch', userId: string, value: string) => {
  await tx.query('select pg_advisory_xact_lock($1::bigint)', [String(REVOCATION_LOCK)]);
  await tx.query(`insert into revocation (user_id, ${column}) values ($1, $2)`, [userId, value]);
};

/** Revocations older than any access token revoke nothing any more. By the database's time, as they were made. */
export const sweepRevocations = (tx: Transaction) =>
  tx.query("delete from revocation where at < now() - interval '1 hour'");
