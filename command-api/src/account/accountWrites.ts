import type { Transaction } from '@ums/kit/postgres/transaction';
import type { Standing } from '../user/userState.js';

/**
 * Takes over claimed registrations that are not completed, the oldest claims first. A younger claim is left to the
 * confirmation that made it. The claim is renewed, so that registrations that keep failing do not hold up the others. Uses
 * the database's time, as for any lease.
 *
 * @returns the ids of the registrations.
 */
export const takeUnfinishedRegistrations = async (
  tx: Transaction,
  { limit, claimAgeMs }: { limit: number; claimAgeMs: number },
): Promise<string[]> => {
  const { rows } = await tx.query<{ id: string }>({
    name: 'take-unfinished-registrations',
    text: `with due as (
             select user_id from account join registration on registration.id = account.registration_id
             where completed_at is null and status <> 'erased' and claimed_at <= now() - $2 * interval '1 ms'
             order by claimed_at limit $1 for no key update of account skip locked)
           update account set claimed_at = now() from due where account.user_id = due.user_id
           returning registration_id as id`,
    values: [limit, claimAgeMs],
  });
  return rows.map(({ id }) => id);
};

/** Writes a user's standing as of a revision. The account's row must be locked. */
export const updateStanding = (
  tx: Transaction,
  userId: string,
  revision: bigint,
  { status, roles, epoch, sessionsFrom, addressFrom, mailBlocksFrom }: Standing,
) =>
  tx.query({
    name: 'update-standing',
    text: `update account set status = $2, roles = $3, revision = $4, epoch = $5, sessions_from = $6, address_from = $7,
             mail_blocks_from = $8 where user_id = $1`,
    values: [userId, status, roles, ...[revision, epoch, sessionsFrom, addressFrom, mailBlocksFrom].map(String)],
  });

/**
 * Raises the revision of an account whose standing does not change. Commits without waiting for the disk: if a crash loses
 * it, the account is settled again.
 *
 * @returns false if there is no such row or its standing changes too.
 */
export const raiseRevision = async (
  tx: Transaction,
  userId: string,
  revision: bigint,
  { status, roles, epoch, sessionsFrom, addressFrom, mailBlocksFrom }: Standing,
): Promise<boolean> => {
  const { rowCount } = await tx.query({
    name: 'raise-revision',
    text: `update account set revision = $2 from (select set_config('synchronous_commit', 'off', true)) as unflushed
           where user_id = $1 and revision < $2 and status = $3 and roles = $4 and epoch = $5 and sessions_from = $6
             and address_from = $7 and mail_blocks_from = $8`,
    values: [
      ...[userId, String(revision), status, roles],
      ...[epoch, sessionsFrom, addressFrom, mailBlocksFrom].map(String),
    ],
  });
  return rowCount === 1;
};

/** Marks an account erased as of the revision of `UserErasureStarted`. Keeps the row, so that the user id is never used again. */
export const markErased = (tx: Transaction, userId: string, revision: bigint) =>
  tx.query({
    name: 'mark-erased',
    text: `update account set status = 'erased', roles = '{}', revision = $2, epoch = $2, sessions_from = $2
           where user_id = $1`,
    values: [userId, String(revision)],
  });
