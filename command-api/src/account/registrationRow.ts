import { codeOf } from '@ums/kit/postgres/errors';
import type { Transaction } from '@ums/kit/postgres/transaction';
import type { WrappedKey } from '@ums/kit/sealing/masterKeys';
import { clearAttempt } from '../limits/attemptRow.js';
import type { StartedAttempt } from '../limits/buckets.js';
import { countMail, type MailCount, type MailCountValues } from '../limits/countMail.js';
import type { AccountRow } from './accountRow.js';

export interface RegistrationRow {
  id: string;
  addressMac: Buffer;
  /** What its mailed link is verified with: also the MAC from before ADDRESS_KEY was replaced. */
  linkMacs: Buffer[];
  expiresAt: Date;
  completed: boolean;
}

interface Row {
  id: string;
  address_mac: Buffer;
  former_mac: Buffer | null;
  expires_at: Date;
  completed_at: Date | null;
}

const COLUMNS = 'id, address_mac, registration.former_mac, expires_at, completed_at';

const toRegistration = (row: Row): RegistrationRow => ({
  id: row.id,
  addressMac: row.address_mac,
  linkMacs: row.former_mac === null ? [row.address_mac] : [row.address_mac, row.former_mac],
  expiresAt: row.expires_at,
  completed: row.completed_at !== null,
});

export interface NewRegistration {
  id: string;
  addressMac: Buffer;
  expiresAt: Date;
  key: WrappedKey;
}

/**
 * Counts the mail and inserts row and key in one statement, so that neither exists without the other. Inserts nothing if
 * `retry_at` is set. The notifier sends no mail for the registration unless it was counted; of those that get none, only the newest
 * of an address are kept. See `end_silent_registrations` in the migrations.
 */
export const addRegistration = async (
  vault: Transaction,
  { id, addressMac, expiresAt, key }: NewRegistration,
  mail: MailCountValues,
): Promise<MailCount> => {
  const { rows } = await vault.query<MailCount>({
    name: 'insert-registration',
    text: `with mail as (${countMail(6)}),
             key as (insert into data_key (subject, wrapped, master_key_id)
                     select $1, $4, $5 from mail where retry_at is null),
             stored as (insert into registration (id, address_mac, expires_at, mail)
                        select $1, $2, $3, counted from mail where retry_at is null)
           select counted, retry_at from mail
             left join lateral (select end_silent_registrations($2) where not counted and retry_at is null) ended on true`,
    values: [id, addressMac, expiresAt, key.wrapped, key.masterKeyId, ...mail],
  });
  return rows[0] as MailCount;
};

/**
 * Inserts row and key of a registration that is confirmed at once. Nothing is mailed for it, so no mail is counted. It is the oldest of
 * its address: a log-in tries the newest, and must not tell the person who made that one that the address was confirmed (E-01).
 */
export const addUnmailed = async (
  vault: Transaction,
  { id, addressMac, expiresAt, key }: NewRegistration,
): Promise<void> => {
  await vault.query({
    name: 'insert-unmailed-registration',
    text: `with key as (insert into data_key (subject, wrapped, master_key_id) values ($1, $4, $5))
           insert into registration (id, address_mac, requested_at, expires_at, mail, with_link)
           values ($1, $2, 'epoch', $3, false, true)`,
    values: [id, addressMac, expiresAt, key.wrapped, key.masterKeyId],
  });
};

/** Whether the registration is in the vault, confirmed or not. */
export const existsRegistration = async (vault: Transaction, id: string): Promise<boolean> =>
  (await vault.query({ name: 'exists-registration', text: 'select from registration where id = $1', values: [id] }))
    .rowCount === 1;

export interface RegistrationWithOwner extends RegistrationRow {
  /** The account that has the address now, by the registration it came from. */
  owner: { registrationId: string; status: AccountRow['status'] } | undefined;
  /** Another account had the address, and may have it back. */
  isHeld: boolean;
}

interface RowWithOwner extends Row {
  owner: string | null;
  status: AccountRow['status'];
  state: 'current' | 'held' | null;
}

/** A registration that has not expired, completed or not. */
export const findRegistration = async (
  tx: Transaction,
  id: string,
  now: Date,
): Promise<RegistrationWithOwner | undefined> => {
  const { rows } = await tx.query<RowWithOwner>({
    name: 'find-registration',
    text: `select ${COLUMNS}, account.registration_id as owner, status, state
           from registration
             left join address on mac = address_mac
             left join account on account.user_id = address.user_id and state = 'current'
           where id = $1 and expires_at > $2`,
    values: [id, now],
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  const { owner, status, state } = row;
  return {
    ...toRegistration(row),
    owner: owner === null ? undefined : { registrationId: owner, status },
    isHeld: state === 'held',
  };
};

/**
 * The result of a claim. `claimed`: `keyStored` says whether the given key is the user's, or the user had one. `completed`:
 * nothing is left to do. `ended`: the registration or its user is gone. `taken`: another user has the address.
 */
export interface Claim {
  outcome: 'claimed' | 'completed' | 'ended' | 'taken';
  keyStored: boolean;
}

/** Raised by `claim_registration`. */
const ADDRESS_TAKEN = 'UM001';

interface ClaimOfUser {
  id: string;
  userId: string;
  key: WrappedKey;
  attempt: Omit<StartedAttempt, 'clear'> | undefined;
}

/**
 * Claims a registration for its user and clears the attempt, in one statement; see `claim_registration` in the migrations. If
 * the address is taken, the statement has no effect.
 */
export const claimForUser = async (
  vault: Transaction,
  { id, userId, key, attempt }: ClaimOfUser,
  now: Date,
): Promise<Claim> => {
  try {
    const { rows } = await vault.query<{ outcome: Claim['outcome']; key_stored: boolean }>({
      name: 'claim-registration',
      text: `with cleared as (${clearAttempt({ id: 6, counted: 7, source: 8 })})
             select outcome, key_stored from claim_registration($1, $2, $3, $4, $5)`,
      values: [...[id, userId, key.wrapped, key.masterKeyId, now], ...[attempt?.id, attempt?.counted, attempt?.source]],
    });
    const [row] = rows;
    return { outcome: row?.outcome ?? 'ended', keyStored: row?.key_stored === true };
  } catch (error) {
    if (codeOf(error) === ADDRESS_TAKEN) return { outcome: 'taken', keyStored: false };
    throw error;
  }
};
