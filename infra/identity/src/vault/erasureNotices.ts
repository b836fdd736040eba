import type pg from 'pg';

/** The stored address for the notice that an erasure is complete. */
export interface StoredErasureNotice {
  id: string;
  /** Sealed at `erasureNoticePlace(id)` with the data key of subject `id`. */
  address: string;
  expired: boolean;
  /** Id of the receipt of the erasure; `null` if it has none. */
  receipt: string | null;
}

/** `undefined` when the notice was mailed, was deleted, or never existed. `expired` is by the vault's clock. */
export const findErasureNotice = async (vault: pg.Pool, userId: string): Promise<StoredErasureNotice | undefined> => {
  const { rows } = await vault.query<StoredErasureNotice>({
    name: 'find-erasure-notice',
    text: `select id, address, expires_at <= now() as expired, receipt
           from farewell left join erasure_receipt using (user_id) where user_id = $1`,
    values: [userId],
  });
  return rows[0];
};

/** Deletes a user's erasure notice and its key. */
export const deleteErasureNotice = async (vault: pg.Pool, userId: string): Promise<void> => {
  await vault.query({
    name: 'delete-erasure-notice',
    text: 'select end_farewell(id) from farewell where user_id = $1',
    values: [userId],
  });
};
