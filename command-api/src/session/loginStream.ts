import type { Transaction } from '@ums/kit/postgres/transaction';

/** The stream that a login reads: exactly one for every address, so that known and unknown addresses cost the same. */
export type LoginStream =
  | { kind: 'account'; userId: string }
  | { kind: 'registration'; registrationId: string }
  /** Another user's stream, read only to take the same time; a nonexistent one while there are no users. */
  | { kind: 'decoy'; userId: string };

interface Row {
  kind: LoginStream['kind'];
  id: string;
}

/**
 * One query for every address: its account, else its newest waiting registration, else a decoy. An account still
 * `registering` counts as its registration. The search for a decoy wraps around to the first user, so that every address
 * has one as soon as there is a user. Postgres computes all five parts whichever of them match.
 */
const SQL = `
  select kind, id from (
    select 1 as rank, case status when 'registering' then 'registration' else 'account' end as kind,
           case status when 'registering' then registration_id else user_id end as id
      from address join account using (user_id) where mac = $1 and state = 'current'
    union all
    (select 2, 'registration', id from registration
      where address_mac = $1 and completed_at is null and expires_at > $2 order by requested_at desc, id limit 1)
    union all
    (select 3, 'decoy', user_id from account where user_id >= $3 and status in ('active', 'suspended') order by user_id limit 1)
    union all
    (select 4, 'decoy', user_id from account where status in ('active', 'suspended') order by user_id limit 1)
    union all
    (select 5, 'decoy', $3::uuid)
  ) as target order by rank limit 1`;

/** @param now for the expiry of registrations. */
export const findLoginStream = async (tx: Transaction, addressMac: Buffer, now: Date): Promise<LoginStream> => {
  const decoy = uuidFrom(addressMac);
  const { rows } = await tx.query<Row>({ name: 'find-login-stream', text: SQL, values: [addressMac, now, decoy] });
  const { kind, id } = rows[0] ?? { kind: 'decoy', id: decoy };
  return kind === 'registration' ? { kind, registrationId: id } : { kind, userId: id };
};

/** A stable starting point among the user ids, so that an address keeps its decoy. */
const uuidFrom = (mac: Buffer): string =>
  mac
    .toString('hex')
    .slice(0, 32)
    .replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
