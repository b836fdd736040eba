import type { Transaction } from '@ums/kit/postgres/transaction';

/** Records that a user's erasure has work left outside the vault. */
export const addErasure = (tx: Transaction, userId: string) =>
  tx.query({
    name: 'insert-erasure',
    text: 'insert into erasure (user_id) values ($1) on conflict do nothing',
    values: [userId],
  });

/** Users whose erasure is not finished, oldest first. */
export const unfinishedErasures = async (tx: Transaction): Promise<string[]> => {
  const { rows } = await tx.query<{ user_id: string }>('select user_id from erasure order by started_at, user_id');
  return rows.map((row) => row.user_id);
};

/** Records that no work of a user's erasure is left. */
export const deleteErasure = (tx: Transaction, userId: string) =>
  tx.query({ name: 'delete-erasure', text: 'delete from erasure where user_id = $1', values: [userId] });
