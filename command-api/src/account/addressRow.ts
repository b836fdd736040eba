import type { Transaction } from '@ums/kit/postgres/transaction';

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
