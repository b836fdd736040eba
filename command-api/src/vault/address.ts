import type { Transaction } from '@ums/kit/postgres/transaction';

/**
 * Takes an address for a user, if nobody has it: the row is unique, so the first one wins.
 *
 * @returns whose the address is now.
 */
export const takeAddress = async (tx: Transaction, mac: Buffer, userId: string): Promise<string | undefined> => {
  await tx.query('insert into address (mac, user_id) values ($1, $2) on conflict do nothing', [mac, userId]);
  const { rows } = await tx.query<{ user_id: string }>('select user_id from address where mac = $1', [mac]);
  return rows[0]?.user_id;
};

/** MACs of all addresses a user has or holds. */
export const addressesOf = async (tx: Transaction, userId: string): Promise<Buffer[]> => {
  const { rows } = await tx.query<{ mac: Buffer }>('select mac from address where user_id = $1', [userId]);
  return rows.map(({ mac }) => mac);
};

export const deleteAddresses = (tx: Transaction, userId: string) =>
  tx.query('delete from address where user_id = $1', [userId]);
