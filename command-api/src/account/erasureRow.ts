import type { Transaction } from '@ums/kit/postgres/transaction';

/** Records that a user's erasure has work left outside the vault. */
export const addErasure = (tx: Transaction, userId: string) =>
  tx.query('insert into erasure (user_id) values ($1) on conflict do nothing', [userId]);

/** Users whose erasure is not finished, the oldest first. */
export const unfinishedErasures = async (tx: Transaction): Promise<string[]> => {
  const { rows } = await tx.query<{ user_id: string }>('select user_id from erasure order by started_at, user_id');
  return rows.map((row) => row.user_id);
};

export const deleteErasure = (tx: Transaction, userId: string) =>
  tx.query('delete from erasure where user_id = $1', [userId]);

/** Where the notice of a finished erasure goes: a row of `farewell`. */
export interface ErasureNotice {
  id: string;
  userId: string;
  /** Sealed under the data key of the notice itself. */
  address: string;
  expiresAt: Date;
}

export const addErasureNotice = (tx: Transaction, { id, userId, address, expiresAt }: ErasureNotice) =>
  tx.query('insert into farewell (id, user_id, address, expires_at) values ($1, $2, $3, $4) on conflict do nothing', [
    ...[id, userId, address, expiresAt],
  ]);

/** Deletes expired erasure notices, row and key together. */
export const sweepErasureNotices = (tx: Transaction, now: Date) =>
  tx.query('select end_farewell(id) from farewell where expires_at <= $1', [now]);
