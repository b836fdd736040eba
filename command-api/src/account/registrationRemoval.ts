import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import type { AttemptBuckets } from '../limits/buckets.js';
import { rememberSource } from '../limits/knownSourceRow.js';
import type { Standing } from '../user/userState.js';

/** Marks it completed and destroys its key. The row stays until it expires, so that a repeated confirmation is recognized. */
export const endRegistration = (tx: Transaction, id: string, now: Date) =>
  tx.query({
    name: 'end-registration',
    text: `with ended as (update registration set completed_at = $2 where id = $1 and completed_at is null returning id)
           update data_key set wrapped = null, master_key_id = null, erased_at = $2 from ended
           where subject = ended.id and erased_at is null`,
    values: [id, now],
  });

/**
 * Activates the account that a registration became, remembers the source that confirmed it and forgets failures to log in from
 * it, then does what {@link endRegistration} does, in one statement. Leaves an account alone that is active already. Locks the
 * account before the registration, as a claim does, so that the two cannot deadlock.
 */
export const activateAndEndRegistration = (
  vault: Transaction,
  { registrationId, userId, revision, standing, buckets }: ActivatedAccount,
  now: Date,
) =>
  vault.query({
    name: 'activate-and-end-registration',
    text: `with activated as (
             update account set status = 'active', roles = $4, revision = $5, epoch = $6, sessions_from = $7
             where user_id = $3 and status = 'registering' and revision < $5 returning user_id),
           holder as (select user_id from activated),
           ${rememberSource({ source: 9, at: 2 })},
           cleared as (
             delete from attempt where account = $8 and source = $10 and state = 'failed'
             and exists (select from activated)),
           ended as (
             update registration set completed_at = $2 from (select count(*) from activated) as after
             where id = $1 and completed_at is null returning id)
           update data_key set wrapped = null, master_key_id = null, erased_at = $2 from ended
           where subject = ended.id and erased_at is null`,
    values: [
      ...[registrationId, now, userId],
      ...[standing.roles, String(revision), String(standing.epoch), String(standing.sessionsFrom)],
      ...[buckets.account, buckets.known, buckets.source],
    ],
  });

export interface ActivatedAccount {
  registrationId: string;
  userId: string;
  revision: bigint;
  standing: Pick<Standing, 'roles' | 'epoch' | 'sessionsFrom'>;
  /** Of the confirmation. */
  buckets: Pick<AttemptBuckets, 'account' | 'known' | 'source'>;
}

/** Deletes one registration, such as a user's, and all others of these addresses, with their keys. @returns their ids */
export const deleteRegistrationsOf = async (
  tx: Transaction,
  { registrationId, addressMacs }: { registrationId: string | undefined; addressMacs: Buffer[] },
): Promise<string[]> => {
  const { rows } = await tx.query<{ id: string }>({
    name: 'delete-registrations-of-user',
    text: `with gone as (delete from registration where id = $1 or address_mac = any($2::bytea[]) returning id),
             keys as (delete from data_key using gone where data_key.subject = gone.id)
           select id from gone`,
    values: [registrationId ?? null, addressMacs],
  });
  return rows.map(({ id }) => id);
};

/**
 * Deletes expired registrations and their keys, except claimed ones, which are still completed. Skips locked rows, because
 * waiting for them while holding other locks could deadlock. Locks in a statement of its own: a single statement would use
 * a snapshot from before the lock, and miss a claim that committed in between. The first one leaves out claimed ones as well: they
 * would take the places of others.
 *
 * @returns the ids of the deleted registrations: `limit` at most, the oldest first.
 */
export const sweepRegistrations = (vault: pg.Pool, now: Date, limit: number): Promise<string[]> =>
  withTransaction(vault, async (tx) => {
    const expired = await tx.query<{ id: string }>({
      name: 'lock-expired-registrations',
      text: `select id from registration where expires_at <= $1
               and (completed_at is not null or not exists (select from account where registration_id = registration.id))
             order by expires_at limit $2 for update skip locked`,
      values: [now, limit],
    });
    return deleteUnclaimed(
      tx,
      expired.rows.map(({ id }) => id),
    );
  });

/**
 * Deletes a registration that cannot be confirmed, such as one whose event is not in the log, and its key. Leaves one that is being
 * claimed or was claimed.
 *
 * @returns whether it is gone
 */
export const withdrawRegistration = (vault: pg.Pool, id: string): Promise<boolean> =>
  withTransaction(vault, async (tx) => {
    const locked = await tx.query<{ id: string }>({
      name: 'lock-withdrawn-registration',
      text: 'select id from registration where id = $1 and completed_at is null for update skip locked',
      values: [id],
    });
    const gone = await deleteUnclaimed(
      tx,
      locked.rows.map((row) => row.id),
    );
    return gone.length > 0;
  });

/**
 * Leaves a registration whose event may be in the log to a link that was mailed already, and mails nothing more for it. It counts as the
 * oldest of its address from now on, and as one over the mail limit, of which few are kept. Leaves one alone that is being claimed or
 * was claimed.
 *
 * @returns whether it waits for its link
 */
export const silenceRegistration = async (vault: Transaction, id: string): Promise<boolean> => {
  const { rows } = await vault.query<{ mac: Buffer }>({
    name: 'silence-registration',
    text: `update registration set mail = false, requested_at = 'epoch'
           where id = $1 and completed_at is null and not exists (select from account where registration_id = $1)
           returning address_mac as mac`,
    values: [id],
  });
  for (const { mac } of rows)
    await vault.query({ name: 'end-silent-registrations', text: 'select end_silent_registrations($1)', values: [mac] });
  return rows.length > 0;
};

/** @param ids of registrations that are locked. @returns the ids of those deleted */
const deleteUnclaimed = async (tx: Transaction, ids: readonly string[]): Promise<string[]> => {
  if (ids.length === 0) return [];
  const { rows } = await tx.query<{ id: string }>({
    name: 'delete-unclaimed-registrations',
    text: `with gone as (
             delete from registration where id = any($1::uuid[])
               and (completed_at is not null or not exists (select from account where registration_id = registration.id))
             returning id),
           keys as (delete from data_key using gone where subject = gone.id)
           select id from gone`,
    values: [ids],
  });
  return rows.map(({ id }) => id);
};
