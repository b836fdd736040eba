import type { Transaction } from '@ums/kit/postgres/transaction';

/** Records that a user's erasure has work left outside the vault. */
export const addErasure = (tx: Transaction, userId: string) =>
  tx.query('insert into erasure (user_id) values ($1) on conflict do nothing', [userId]);

/** Users whose erasure is not finished, oldest first. */
export const unfinishedErasures = async (tx: Transaction): Promise<string[]> => {
  const { rows } = await tx.query<{ user_id: string }>('select user_id from erasure order by started_at, user_id');
  return rows.map((row) => row.user_id);
};

/** Records that no work of a user's erasure is left. */
export const deleteErasure = (tx: Transaction, userId: string) =>
  tx.query('delete from erasure where user_id = $1', [userId]);

/** The address that gets the notice of a finished erasure. Stored in the table `farewell`. */
export interface ErasureNotice {
  id: string;
  userId: string;
  /** Sealed under the notice's own data key. */
  address: string;
  expiresAt: Date;
}

/** Stores a notice. No-op if it exists, so that an erasure can be repeated. */
export const addErasureNotice = (tx: Transaction, { id, userId, address, expiresAt }: ErasureNotice) =>
  tx.query('insert into farewell (id, user_id, address, expires_at) values ($1, $2, $3, $4) on conflict do nothing', [
    ...[id, userId, address, expiresAt],
  ]);

/** Deletes expired erasure notices together with their data keys. */
export const sweepErasureNotices = (tx: Transaction, now: Date) =>
  tx.query('select end_farewell(id) from farewell where expires_at <= $1', [now]);
