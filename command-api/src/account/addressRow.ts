import type { Transaction } from '@ums/kit/postgres/transaction';

/**
 * Takes an address for a user, unless another user has it: the row is unique, so the first insert wins.
 *
 * @returns the user who has the address now.
 */
export const claimAddress = async (tx: Transaction, mac: Buffer, userId: string): Promise<string | undefined> => {
  await tx.query('insert into address (mac, user_id) values ($1, $2) on conflict do nothing', [mac, userId]);
  const { rows } = await tx.query<{ user_id: string }>('select user_id from address where mac = $1', [mac]);
  return rows[0]?.user_id;
};
