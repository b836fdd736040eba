import { inBatches } from '@ums/kit/postgres/inBatches';
import type { Transaction } from '@ums/kit/postgres/transaction';

/** A request under an `Idempotency-Key` that changed nothing. */
export interface NoOpRow {
  /** The id of the first event that the request would have appended. */
  id: string;
  /** MAC over route and body. */
  request: string;
  /** The user's revision at the request. */
  revision: bigint;
}

/** A row that has not expired. */
export const findNoOpRow = async (tx: Transaction, id: string, now: Date): Promise<Omit<NoOpRow, 'id'> | undefined> => {
  const { rows } = await tx.query<{ request: string; revision: string }>({
    name: 'find-no-op',
    text: 'select request, revision from idempotency where id = $1 and expires_at > $2',
    values: [id, now],
  });
  const [row] = rows;
  return row && { request: row.request, revision: BigInt(row.revision) };
};

/** Rows of a user. More would let one account fill the vault, because requests that change nothing have no limit. */
const MOST_PER_USER = 200;

/**
 * Inserts a row unless there is one with this id that has not expired, and deletes the oldest of a user with too many. Inserts
 * nothing for an erased user: the lock on the account waits for an erasure in progress, whose deletion would miss the new row.
 */
export const insertNoOp = (
  tx: Transaction,
  userId: string,
  { id, request, revision }: NoOpRow,
  { now, expiresAt }: { now: Date; expiresAt: Date },
) =>
  tx.query({
    name: 'insert-no-op',
    text: `with excess as (
             delete from idempotency where id in (
               select id from idempotency where id <> $1 and id in (
                 select id from idempotency where user_id = $2 order by expires_at desc, id offset $7)
               for update skip locked))
           insert into idempotency (id, user_id, request, revision, expires_at)
           select $1, user_id, $3, $4, $5 from account where user_id = $2 and status <> 'erased' for share
           on conflict (id) do update set request = $3, revision = $4, expires_at = $5 where idempotency.expires_at <= $6`,
    values: [id, userId, request, String(revision), expiresAt, now, MOST_PER_USER - 1],
  });

export const deleteNoOpsOf = (tx: Transaction, userId: string) =>
  tx.query({ name: 'delete-no-ops-of-user', text: 'delete from idempotency where user_id = $1', values: [userId] });

/** Deletes expired rows. Locked rows are left to a later sweep. */
export const sweepNoOps = (vault: Transaction, now: Date): Promise<void> =>
  inBatches((limit) =>
    vault.query({
      name: 'sweep-no-ops',
      text: `delete from idempotency where id = any(array(
               select id from idempotency where expires_at <= $1 order by expires_at limit $2 for update skip locked))`,
      values: [now, limit],
    }),
  );
