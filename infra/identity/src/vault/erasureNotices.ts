import type pg from 'pg';

/** Where the notice of a finished erasure goes. */
export interface StoredErasureNotice {
  id: string;
  /** Sealed at `erasureNoticePlace(id)` under the data key of subject `id`. */
  address: string;
  expired: boolean;
}

export const findErasureNotice = async (vault: pg.Pool, userId: string): Promise<StoredErasureNotice | undefined> => {
  const sql = 'select id, address, expires_at <= now() as expired from farewell where user_id = $1';
  return (await vault.query<StoredErasureNotice>(sql, [userId])).rows[0];
};

/** Deletes a user's erasure notice, row and key together. */
export const endErasureNotice = async (vault: pg.Pool, userId: string): Promise<void> => {
  await vault.query('select end_farewell(id) from farewell where user_id = $1', [userId]);
};
