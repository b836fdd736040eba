import type { Transaction } from '@ums/kit/postgres/transaction';

/** An erasure that has work left outside the vault. */
export interface ErasureRow {
  userId: string;
  /** Registrations that the erasure has deleted, whose uploads may be stored. */
  registrationIds: string[];
}

export const addErasure = (tx: Transaction, { userId, registrationIds }: ErasureRow) =>
  tx.query({
    name: 'insert-erasure',
    text: 'insert into erasure (user_id, registration_ids) values ($1, $2) on conflict do nothing',
    values: [userId, registrationIds],
  });

/** Erasures that are not finished, oldest first. */
export const unfinishedErasures = async (tx: Transaction): Promise<ErasureRow[]> => {
  const { rows } = await tx.query<{ user_id: string; registration_ids: string[] }>(
    'select user_id, registration_ids from erasure order by started_at, user_id',
  );
  return rows.map((row) => ({ userId: row.user_id, registrationIds: row.registration_ids }));
};

/** Records that no work of a user's erasure is left, also in its receipt. */
export const deleteErasure = (tx: Transaction, userId: string, finishedAt: Date) =>
  tx.query({
    name: 'delete-erasure',
    text: `with noted as (
             update erasure_receipt set finished_at = $2 where user_id = $1 and finished_at is null)
           delete from erasure where user_id = $1`,
    values: [userId, finishedAt],
  });
