import type { Query } from '@ums/kit/postgres/guardedQuery';

/** A receipt in the vault. The times are those of its steps. */
export interface ReceiptRow {
  receipt: string;
  userId: string;
  /** Position of the event that started the erasure, in decimal digits. */
  position: string;
  startedAt: Date;
  vaultErasedAt: Date;
  picturesDeletedAt: Date | null;
  mailRecordsDeletedAt: Date | null;
  diskRewrittenAt: Date | null;
}

/** @throws DependencyUnavailable */
export const findReceipt = async (vault: Query, receipt: string): Promise<ReceiptRow | undefined> => {
  const [row] = await vault<ReceiptRow>({
    name: 'find-receipt',
    text: `select receipt, user_id as "userId", position, started_at as "startedAt", vault_erased_at as "vaultErasedAt",
             pictures_deleted_at as "picturesDeletedAt", mail_records_deleted_at as "mailRecordsDeletedAt",
             disk_rewritten_at as "diskRewrittenAt"
           from erasure_receipt where receipt = $1`,
    values: [receipt],
  });
  return row;
};
