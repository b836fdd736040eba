import type { Transaction } from '@ums/kit/postgres/transaction';

/** Arbitrary, but unique among the advisory locks of the vault. */
const REVOCATION_LOCK = 5_641_207_771_330_142n;

/**
 * Revokes the access tokens of one session. Must be the last statement of its transaction: ids have to become visible in
 * ascending order, because pollers read from the highest id they have seen.
 */
export const addSessionRevocation = (tx: Transaction, userId: string, sessionId: string): Promise<void> =>
  revoke(tx, 'session_id', userId, sessionId);

/** Revokes a user's access tokens of all epochs below this one. Must be the last statement of its transaction. */
export const addRevocationBefore = (tx: Transaction, userId: string, epoch: bigint): Promise<void> =>
  revoke(tx, 'epoch', userId, String(epoch));

const revoke = async (tx: Transaction, column: 'session_id' | 'epoch', userId: string, value: string) => {
  await tx.query('select pg_advisory_xact_lock($1::bigint)', [String(REVOCATION_LOCK)]);
  await tx.query(`insert into revocation (user_id, ${column}) values ($1, $2)`, [userId, value]);
};

/** Deletes revocations older than any access token can be. Uses the database's time, like the column `at`. */
export const sweepRevocations = (tx: Transaction) =>
  tx.query("delete from revocation where at < now() - interval '1 hour'");
