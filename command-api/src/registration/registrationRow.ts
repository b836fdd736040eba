import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import type { WrappedKey } from '@ums/kit/sealing/masterKeys';
import type pg from 'pg';
import type { AccountRow } from '../account/accountRow.js';

export interface RegistrationRow {
  id: string;
  addressMac: Buffer;
  expiresAt: Date;
  completed: boolean;
}

interface Row {
  id: string;
  address_mac: Buffer;
  expires_at: Date;
  completed_at: Date | null;
}

const COLUMNS = 'id, address_mac, expires_at, completed_at';

const toRegistration = (row: Row): RegistrationRow => ({
  id: row.id,
  addressMac: row.address_mac,
  expiresAt: row.expires_at,
  completed: row.completed_at !== null,
});

export interface NewRegistration {
  id: string;
  addressMac: Buffer;
  expiresAt: Date;
  /** Whether the notifier may send mail for it. */
  mail: boolean;
  key: WrappedKey;
}

/** Inserts row and key in one statement, so that neither exists without the other. */
export const addRegistration = (tx: Transaction, { id, addressMac, expiresAt, mail, key }: NewRegistration) =>
  tx.query({
    name: 'add-registration',
    text: `with key as (insert into data_key (subject, wrapped, master_key_id) values ($1, $5, $6))
           insert into registration (id, address_mac, expires_at, mail) values ($1, $2, $3, $4)`,
    values: [id, addressMac, expiresAt, mail, key.wrapped, key.masterKeyId],
  });

export interface RegistrationWithOwner extends RegistrationRow {
  /** The account that has the address now, by the registration it came from. */
  owner: { registrationId: string; status: AccountRow['status'] } | undefined;
}

interface RowWithOwner extends Row {
  owner: string | null;
  status: AccountRow['status'];
}

/** A registration that has not expired, completed or not. */
export const findRegistration = async (
  tx: Transaction,
  id: string,
  now: Date,
): Promise<RegistrationWithOwner | undefined> => {
  const { rows } = await tx.query<RowWithOwner>(
    `select ${COLUMNS}, account.registration_id as owner, status
     from registration
       left join address on mac = address_mac and state = 'current'
       left join account using (user_id)
     where id = $1 and expires_at > $2`,
    [id, now],
  );
  const [row] = rows;
  if (row === undefined) return undefined;
  const { owner, status } = row;
  return { ...toRegistration(row), owner: owner === null ? undefined : { registrationId: owner, status } };
};

/** A registration that has not expired, with its row locked until the transaction ends. */
export const lockRegistration = async (
  tx: Transaction,
  id: string,
  now: Date,
): Promise<RegistrationRow | undefined> => {
  const sql = `select ${COLUMNS} from registration where id = $1 and expires_at > $2 for update`;
  const { rows } = await tx.query<Row>(sql, [id, now]);
  return rows[0] && toRegistration(rows[0]);
};

/** Marks it completed and destroys its key. The row stays until it expires, so that a repeated confirmation is recognized. */
export const endRegistration = (tx: Transaction, id: string, now: Date) =>
  tx.query(
    `with ended as (update registration set completed_at = $2 where id = $1 and completed_at is null returning id)
     update data_key set wrapped = null, master_key_id = null, erased_at = $2 from ended
     where subject = ended.id and erased_at is null`,
    [id, now],
  );

/**
 * Takes over claimed registrations that are not completed, the oldest claims first. A younger claim is left to the
 * confirmation that made it. The claim is renewed, so that registrations that keep failing do not hold up the others. Uses
 * the database's time, as for any lease.
 */
export const takeUnfinishedRegistrations = async (
  tx: Transaction,
  { limit, claimAgeMs }: { limit: number; claimAgeMs: number },
): Promise<string[]> => {
  const { rows } = await tx.query<{ id: string }>(
    `with due as (
       select user_id from account join registration on registration.id = account.registration_id
       where completed_at is null and status <> 'erased' and claimed_at <= now() - $2 * interval '1 ms'
       order by claimed_at limit $1 for no key update of account skip locked)
     update account set claimed_at = now() from due where account.user_id = due.user_id
     returning registration_id as id`,
    [limit, claimAgeMs],
  );
  return rows.map(({ id }) => id);
};

/**
 * Deletes expired registrations and their keys, except claimed ones, which are still completed. Skips locked rows, because
 * waiting for them while holding other locks could deadlock. Locks in a statement of its own: a single statement would use
 * a snapshot from before the lock, and miss a claim that committed in between.
 *
 * @returns the ids of the deleted registrations.
 */
export const sweepRegistrations = (vault: pg.Pool, now: Date): Promise<string[]> =>
  withTransaction(vault, async (tx) => {
    const expired = await tx.query<{ id: string }>(
      'select id from registration where expires_at <= $1 for update skip locked',
      [now],
    );
    if (expired.rows.length === 0) return [];
    const { rows } = await tx.query<{ id: string }>(
      `with gone as (
         delete from registration where id = any($1::uuid[])
           and (completed_at is not null or not exists (select from account where registration_id = registration.id))
         returning id)
       delete from data_key using gone where subject = gone.id returning gone.id`,
      [expired.rows.map(({ id }) => id)],
    );
    return rows.map(({ id }) => id);
  });
