import { inBatches } from '@ums/kit/postgres/inBatches';
import type { Transaction } from '@ums/kit/postgres/transaction';

/** The addresses that only this user may have, as keyed hashes. */
export interface UserAddresses {
  current: Buffer;
  /** Replaced ones, until a change can no longer be undone. */
  held: readonly { mac: Buffer; until: Date }[];
}

/** The keyed hashes of all addresses of a user. */
export const addressesOf = async (tx: Transaction, userId: string): Promise<Buffer[]> => {
  const { rows } = await tx.query<{ mac: Buffer }>({
    name: 'find-addresses-of-user',
    text: 'select mac from address where user_id = $1',
    values: [userId],
  });
  return rows.map(({ mac }) => mac);
};

/** What links that were mailed to an address of the user are verified with: also the MACs from before ADDRESS_KEY was replaced. */
export const linkMacsOf = async (tx: Transaction, userId: string): Promise<Buffer[]> => {
  const { rows } = await tx.query<{ mac: Buffer }>({
    name: 'find-link-macs-of-user',
    text: `select mac from address where user_id = $1
           union all select former_mac from address where user_id = $1 and former_mac is not null`,
    values: [userId],
  });
  return rows.map(({ mac }) => mac);
};

/**
 * The keyed hash of a user's current address, and what links that were mailed to it are verified with: also the MAC from before
 * ADDRESS_KEY was replaced. `undefined` for an unknown or erased user.
 */
export const findCurrentAddress = async (
  tx: Transaction,
  userId: string,
): Promise<{ mac: Buffer; linkMacs: Buffer[] } | undefined> => {
  const { rows } = await tx.query<{ mac: Buffer; linkMacs: Buffer[] }>({
    name: 'find-current-address-of-user',
    text: `select mac, array_remove(array[mac, former_mac], null) as "linkMacs"
           from address where user_id = $1 and state = 'current'`,
    values: [userId],
  });
  return rows[0];
};

/**
 * Makes a user's rows agree with these addresses, and deletes the others. Claims of other addresses stay. The account's row
 * must be locked.
 *
 * @returns false if another user has the current address, whose row stays as it is.
 */
export const writeAddresses = async (
  tx: Transaction,
  userId: string,
  { current, held }: UserAddresses,
): Promise<boolean> => {
  const { rows } = await tx.query<{ current: boolean }>({
    name: 'write-addresses',
    text: `with gone as (delete from address where user_id = $1 and state <> 'claimed' and mac <> all($2::bytea[])),
             written as (
               insert into address (mac, user_id, state, held_until)
               select mac, $1, case when held_until is null then 'current' else 'held' end, held_until
               from unnest($2::bytea[], $3::timestamptz[]) as wanted (mac, held_until)
               on conflict (mac) do update
                 set state = excluded.state, held_until = excluded.held_until,
                     change_id = null, undoes = null, claim = null, claimed_at = null
                 where address.user_id = excluded.user_id
                   and (excluded.state = 'current' or address.state <> 'claimed')
               returning state)
           select exists (select from written where state = 'current') as current`,
    values: [userId, [current, ...held.map(({ mac }) => mac)], [null, ...held.map(({ until }) => until)]],
  });
  return rows[0]?.current === true;
};

/** Also from an unfinished replacement of ADDRESS_KEY. */
export const deleteAddressesOf = (tx: Transaction, userId: string) =>
  tx.query({
    name: 'delete-addresses-of-user',
    text: `with gone as (delete from address where user_id = $1 returning mac)
           delete from address_rewrite using gone where old_mac = gone.mac`,
    values: [userId],
  });

/** Removes MACs from before ADDRESS_KEY was replaced, once no link needs them. Locked rows are left to a later sweep. */
export const sweepFormerMacs = (vault: Transaction, now: Date): Promise<void> =>
  inBatches((limit) =>
    vault.query({
      name: 'sweep-former-macs',
      text: `update address set former_mac = null, former_until = null where mac = any(array(
               select mac from address where former_until <= $1 order by former_until limit $2 for update skip locked))`,
      values: [now, limit],
    }),
  );

/** Deletes replaced addresses that no change can be undone to any more. Locked rows are left to a later sweep. */
export const sweepHeldAddresses = (vault: Transaction, now: Date): Promise<void> =>
  inBatches((limit) =>
    vault.query({
      name: 'sweep-held-addresses',
      text: `delete from address where mac = any(array(
               select mac from address where state = 'held' and held_until <= $1
               order by held_until limit $2 for update skip locked))`,
      values: [now, limit],
    }),
  );
