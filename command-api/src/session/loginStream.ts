import type { Transaction } from '@ums/kit/postgres/transaction';

/** A stream of an address; for an address that has none, another one (`decoy`), which is read to take the same time. */
export interface LoginStream {
  kind: 'found' | 'decoy';
  /** The user's id, or the registration's. */
  id: string;
}

/**
 * One query for every address: its account, else a decoy. An account still `registering` counts as its registration. The
 * search for a decoy wraps around to the first user, so that every address has one as soon as there is a user. Postgres
 * computes all four parts whichever of them match.
 */
const ACCOUNT = `
  select kind, id from (
    select 1 as rank, 'found' as kind, user_id as id
      from address join account using (user_id) where mac = $1 and state = 'current' and status <> 'registering'
    union all
    (select 2, 'decoy', user_id from account where user_id >= $2 and status in ('active', 'suspended') order by user_id limit 1)
    union all
    (select 3, 'decoy', user_id from account where status in ('active', 'suspended') order by user_id limit 1)
    union all
    (select 4, 'decoy', $2::uuid)
  ) as target order by rank limit 1`;

/**
 * As `ACCOUNT`, for the registration that has claimed the address, else the newest one. One that was confirmed is a decoy, and keeps its
 * place until it expires. Otherwise a stranger who registered the address before would see when it is confirmed, from log-ins with the
 * password of their own.
 */
const WAITING = `
  select kind, id, exists (
    select from address join account using (user_id) where mac = $1 and state = 'current' and status <> 'registering'
  ) as "hasAccount" from (
    select 1 as rank, 'found' as kind, registration_id as id
      from address join account using (user_id) where mac = $1 and state = 'current' and status = 'registering'
    union all
    (select 2, case when completed_at is null then 'found' else 'decoy' end, id from registration
      where address_mac = $1 and expires_at > $3 order by requested_at desc, id limit 1)
    union all
    (select 3, 'decoy', id from registration where id >= $2 order by id limit 1)
    union all
    (select 4, 'decoy', id from registration order by id limit 1)
    union all
    (select 5, 'decoy', $2::uuid)
  ) as target order by rank limit 1`;

/** The user of an address. */
export const findAccount = async (tx: Transaction, addressMac: Buffer): Promise<LoginStream> => {
  const decoy = uuidFrom(addressMac);
  const query = { name: 'find-login-account', text: ACCOUNT, values: [addressMac, decoy] };
  const { rows } = await tx.query<LoginStream>(query);
  return rows[0] ?? { kind: 'decoy', id: decoy };
};

export interface WaitingStream extends LoginStream {
  /** Whether the address has an account, too. */
  hasAccount: boolean;
}

/**
 * The registration of an address that waits for confirmation.
 *
 * @param now for the expiry of registrations.
 */
export const findWaiting = async (tx: Transaction, addressMac: Buffer, now: Date): Promise<WaitingStream> => {
  const decoy = uuidFrom(addressMac);
  const query = { name: 'find-login-registration', text: WAITING, values: [addressMac, decoy, now] };
  const { rows } = await tx.query<WaitingStream>(query);
  return rows[0] ?? { kind: 'decoy', id: decoy, hasAccount: false };
};

/** A stable starting point among the ids, so that an address keeps its decoy. */
const uuidFrom = (mac: Buffer): string =>
  mac
    .toString('hex')
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
