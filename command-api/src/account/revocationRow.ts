import { inBatches } from '@ums/kit/postgres/inBatches';
import type { Transaction } from '@ums/kit/postgres/transaction';

/** Arbitrary, but unique among the advisory locks of the vault. */
const REVOCATION_LOCK = 5_641_207_771_330_142n;

/**
 * Revokes the access tokens of sessions. Must be the last statement of its transaction: ids have to become visible in
 * ascending order, because pollers read from the highest id they have seen.
 */
export const addSessionRevocations = async (
  tx: Transaction,
  userId: string,
  sessionIds: readonly string[],
): Promise<void> => {
  await lockRevocations(tx);
  await tx.query({
    name: 'insert-session-revocations',
    text: 'insert into revocation (user_id, session_id) select $1, unnest($2::uuid[])',
    values: [userId, sessionIds],
  });
};

/** Revokes a user's access tokens of all epochs below this one. Must be the last statement of its transaction. */
export const addRevocationBefore = async (tx: Transaction, userId: string, epoch: bigint): Promise<void> => {
  await lockRevocations(tx);
  await tx.query({
    name: 'insert-epoch-revocation',
    text: 'insert into revocation (user_id, epoch) values ($1, $2)',
    values: [userId, String(epoch)],
  });
};

const lockRevocations = (tx: Transaction) =>
  tx.query({
    name: 'lock-revocations',
    text: 'select pg_advisory_xact_lock($1::bigint)',
    values: [String(REVOCATION_LOCK)],
  });

/** Deletes revocations older than any access token can be. Uses the database's time, like the column `at`. */
export const sweepRevocations = (vault: Transaction): Promise<void> =>
  inBatches((limit) =>
    vault.query({
      name: 'sweep-revocations',
      text: `delete from revocation where id = any(array(
               select id from revocation where at < now() - interval '1 hour' order by at limit $1))`,
      values: [limit],
    }),
  );
