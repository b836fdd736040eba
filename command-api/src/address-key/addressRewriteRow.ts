import type { Transaction } from '@ums/kit/postgres/transaction';

/** A stored MAC whose new one is not known yet. */
export interface UnmappedMac {
  /** Id of the row that has it: of a registration, of a request of a new address, or of the user. */
  id: string;
  mac: Buffer;
  /** The user that the row belongs to; `undefined` for a registration that no account came from. */
  userId: string | undefined;
}

export interface MappedMac {
  mac: Buffer;
  newMac: Buffer;
  /** Links that were mailed to the address, and undo a change, expire by then. */
  formerUntil: Date | undefined;
}

export type RowsWithMacs = 'address' | 'registration' | 'email_change';

const UNMAPPED = 'not exists (select from address_rewrite where old_mac = held.mac)';
const HELD: Readonly<Record<RowsWithMacs, string>> = {
  address: 'select user_id as id, mac, user_id as "userId" from address',
  registration: `select id, address_mac as mac, user_id as "userId"
                 from registration left join account on registration_id = registration.id`,
  email_change: 'select id, address_mac as mac, user_id as "userId" from email_change',
};
const ALL_HELD = `${HELD.address} union all ${HELD.registration} union all ${HELD.email_change}`;

/** The next MACs of these rows that have no new one yet, after the last one before. */
export const unmappedMacs = async (
  vault: Transaction,
  rowsOf: RowsWithMacs,
  after: Pick<UnmappedMac, 'id' | 'mac'>,
  limit: number,
): Promise<UnmappedMac[]> => {
  const { rows } = await vault.query<{ id: string; mac: Buffer; userId: string | null }>({
    name: `unmapped-macs-of-${rowsOf}`,
    text: `select id, mac, "userId" from (${HELD[rowsOf]}) as held
           where (id, mac) > ($1::uuid, $2::bytea) and ${UNMAPPED} order by id, mac limit $3`,
    values: [after.id, after.mac, limit],
  });
  return rows.map(({ id, mac, userId }) => ({ id, mac, userId: userId ?? undefined }));
};

export const countUnmapped = async (vault: Transaction): Promise<number> => {
  const { rows } = await vault.query<{ count: number }>(
    `select count(*)::int as count from (${ALL_HELD}) as held where ${UNMAPPED}`,
  );
  return rows[0]?.count ?? 0;
};

export const addMapped = async (vault: Transaction, mapped: readonly MappedMac[]): Promise<void> => {
  await vault.query({
    name: 'add-mapped-macs',
    text: `insert into address_rewrite (old_mac, new_mac, former_until)
           select * from unnest($1::bytea[], $2::bytea[], $3::timestamptz[]) on conflict do nothing`,
    values: [
      mapped.map(({ mac }) => mac),
      mapped.map(({ newMac }) => newMac),
      mapped.map(({ formerUntil }) => formerUntil ?? null),
    ],
  });
};

/** Forgets MACs of a new key that is not this one any more, and those that no row has any more. */
export const dropMapped = (vault: Transaction, { all }: { all: boolean }) =>
  vault.query({
    name: 'drop-mapped-macs',
    text: `delete from address_rewrite where $1 or not exists (
             select from address where mac = old_mac union all
             select from registration where address_mac = old_mac union all
             select from email_change where address_mac = old_mac)`,
    values: [all],
  });
