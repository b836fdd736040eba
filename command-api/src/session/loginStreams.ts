import type { Transaction } from '@ums/kit/postgres/transaction';

/** Another user's stream, read only to take the same time; a nonexistent one while there are no users. */
export interface DecoyStream {
  kind: 'decoy';
  userId: string;
}

/** The streams that a login reads, the second one only if the password does not match the first: two for every address. */
export interface LoginStreams {
  account: { kind: 'account'; userId: string } | DecoyStream;
  waiting: { kind: 'registration'; registrationId: string } | DecoyStream;
}

interface Row {
  slot: keyof LoginStreams;
  kind: 'account' | 'registration' | 'decoy';
  id: string;
}

/**
 * One query for every address: its account, and its newest waiting registration, each of them else a decoy. An account still
 * `registering` counts as its registration. The search for decoys wraps around to the first user, so that every address has
 * them as soon as there are users. The two are different and neither is the account, because a key that was fetched for the
 * first stream is cached. Postgres computes all parts whichever of them match.
 */
const SQL = `
  with holder as materialized (
    select user_id, registration_id, status from address join account using (user_id)
    where mac = $1 and state = 'current'),
  candidate as (
    (select 1 as rank, user_id from account
      where user_id >= $3 and status in ('active', 'suspended') order by user_id limit 3)
    union all
    (select 2, user_id from account where status in ('active', 'suspended') order by user_id limit 3)
    union all
    select 3, $3::uuid),
  decoy as materialized (
    select user_id, row_number() over (order by min(rank), user_id) as place from candidate
    where not exists (select from holder where holder.user_id = candidate.user_id) group by user_id)
  (select slot, kind, id from (
    select 'account' as slot, 1 as rank, 'account' as kind, user_id as id from holder where status <> 'registering'
    union all
    select 'account', 2, 'decoy', user_id from decoy where place = 1
  ) as account order by rank limit 1)
  union all
  (select slot, kind, id from (
    select 'waiting' as slot, 1 as rank, 'registration' as kind, registration_id as id from holder where status = 'registering'
    union all
    (select 'waiting', 2, 'registration', id from registration
      where address_mac = $1 and completed_at is null and expires_at > $2 order by requested_at desc, id limit 1)
    union all
    select 'waiting', 5 - place, 'decoy', user_id from decoy where place <= 2
  ) as waiting order by rank limit 1)`;

/** @param now for the expiry of registrations. */
export const findLoginStreams = async (tx: Transaction, addressMac: Buffer, now: Date): Promise<LoginStreams> => {
  const decoy = uuidFrom(addressMac);
  const { rows } = await tx.query<Row>({ name: 'find-login-streams', text: SQL, values: [addressMac, now, decoy] });
  const streams: LoginStreams = {
    account: { kind: 'decoy', userId: decoy },
    waiting: { kind: 'decoy', userId: decoy },
  };
  for (const { slot, kind, id } of rows) {
    if (slot === 'account') streams.account = { kind: kind === 'account' ? 'account' : 'decoy', userId: id };
    else streams.waiting = kind === 'registration' ? { kind, registrationId: id } : { kind: 'decoy', userId: id };
  }
  return streams;
};

/** A stable starting point among the user ids, so that an address keeps its decoy. */
const uuidFrom = (mac: Buffer): string =>
  mac
    .toString('hex')
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
