import type { Transaction } from '@ums/kit/postgres/transaction';

/**
 * Takes an address for a user, unless another user has it: the row is unique, so the first insert wins.
 *
 * @returns the user who has the address now.
 */
export const claimAddress = async (tx: Transaction, mac: Buffer, userId: string): Promise<string | undefined> => {
  await tx.query({
    name: 'insert-address',
    text: 'insert into address (mac, user_id) values ($1, $2) on conflict do nothing',
    values: [mac, userId],
  });
  const { rows } = await tx.query<{ user_id: string }>({
    name: 'find-address-owner',
    text: 'select user_id from address where mac = $1',
    values: [mac],
  });
  return rows[0]?.user_id;
};

/** The keyed hashes of all addresses of a user. */
export const addressesOf = async (tx: Transaction, userId: string): Promise<Buffer[]> => {
  const { rows } = await tx.query<{ mac: Buffer }>({
    name: 'find-addresses-of-user',
    text: 'select mac from address where user_id = $1',
    values: [userId],
  });
  return rows.map(({ mac }) => mac);
};

export const deleteAddressesOf = (tx: Transaction, userId: string) =>
  tx.query({ name: 'delete-addresses-of-user', text: 'delete from address where user_id = $1', values: [userId] });
