import type { Query } from '@ums/kit/postgres/guardedQuery';

/** The receipt of an erasure, as the vault holds it. The times are those of its steps. */
export interface StoredReceipt {
  receipt: string;
  userId: string;
  /** Position of the event that started the erasure, in decimal digits. */
  position: string;
  startedAt: Date;
  vaultErasedAt: Date;
  picturesDeletedAt: Date | null;
  mailRecordsDeletedAt: Date | null;
  diskRewrittenAt: Date | null;
  /** When the notary first saw that the read models had come past the erasure; `null` before. */
  readModelsAt: Date | null;
  /** As `readModelsAt`, of the topic of states. */
  topicTombstoneAt: Date | null;
  /** What the notary has signed last; `null` before. It may be of an earlier state. */
  note: string | null;
}

/** The columns of `erasure_receipt` and of `receipt_statement`, joined with each other, that make a {@link StoredReceipt}. */
export const RECEIPT_COLUMNS = `receipt, user_id as "userId", position, started_at as "startedAt",
  vault_erased_at as "vaultErasedAt", pictures_deleted_at as "picturesDeletedAt",
  mail_records_deleted_at as "mailRecordsDeletedAt", disk_rewritten_at as "diskRewrittenAt",
  read_models_at as "readModelsAt", topic_tombstone_at as "topicTombstoneAt", note`;

/** @throws DependencyUnavailable */
export const findReceipt = async (vault: Query, receipt: string): Promise<StoredReceipt | undefined> => {
  const [row] = await vault<StoredReceipt>({
    name: 'find-receipt',
    text: `select ${RECEIPT_COLUMNS} from erasure_receipt left join receipt_statement using (receipt) where receipt = $1`,
    values: [receipt],
  });
  return row;
};
