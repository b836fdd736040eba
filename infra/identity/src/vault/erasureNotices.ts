import type pg from 'pg';

/** The stored address for the notice that an erasure is complete. */
export interface StoredErasureNotice {
  id: string;
  /** Sealed at `erasureNoticePlace(id)` with the data key of subject `id`. */
  address: string;
  expired: boolean;
}

/** `undefined` when the notice was mailed, was deleted, or never existed. `expired` is by the vault's clock. */
export const findErasureNotice = async (vault: pg.Pool, userId: string): Promise<StoredErasureNotice | undefined> => {
  const text = 'select id, address, expires_at <= now() as expired from farewell where user_id = $1';
  const statement = { name: 'find-erasure-notice', text, values: [userId] };
  return (await vault.query<StoredErasureNotice>(statement)).rows[0];
};

/** Deletes a user's erasure notice and its key. */
export const deleteErasureNotice = async (vault: pg.Pool, userId: string): Promise<void> => {
  const text = 'select end_farewell(id) from farewell where user_id = $1';
  await vault.query({ name: 'delete-erasure-notice', text, values: [userId] });
};
