import { RECEIPT_COLUMNS, type StoredReceipt } from '@ums/identity/erasure/storedReceipt';
import type { Query } from '@ums/kit/postgres/guardedQuery';

/** What is signed of a receipt. */
export interface ReceiptStatement {
  receipt: string;
  note: string;
  /** When steps were first seen to be done; `null` while they are not. */
  readModelsAt: Date | null;
  topicTombstoneAt: Date | null;
  /** When to look at the receipt next; `null` when it cannot change any more. */
  lookAt: Date | null;
}

/** The receipts to look at, at most `limit`, the longest due first. @throws DependencyUnavailable */
export const dueReceipts = (vault: Query, now: Date, limit: number): Promise<StoredReceipt[]> =>
  vault<StoredReceipt>({
    name: 'find-due-receipts',
    text: `select ${RECEIPT_COLUMNS} from receipt_statement join erasure_receipt using (receipt)
           where look_at <= $1 order by look_at limit $2`,
    values: [now, limit],
  });

/** @throws DependencyUnavailable */
export const saveStatements = async (vault: Query, statements: readonly ReceiptStatement[]): Promise<void> => {
  await vault({
    name: 'save-receipt-statements',
    text: `update receipt_statement set note = signed.note, look_at = signed.look_at,
             read_models_at = signed.read_models_at, topic_tombstone_at = signed.topic_tombstone_at
           from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[])
             as signed (receipt, note, look_at, read_models_at, topic_tombstone_at)
           where receipt_statement.receipt = signed.receipt`,
    values: [
      statements.map(({ receipt }) => receipt),
      statements.map(({ note }) => note),
      statements.map(({ lookAt }) => lookAt),
      statements.map(({ readModelsAt }) => readModelsAt),
      statements.map(({ topicTombstoneAt }) => topicTombstoneAt),
    ],
  });
};

/** When the next receipt is due; `undefined` when no receipt can change. @throws DependencyUnavailable */
export const nextDue = async (vault: Query): Promise<Date | undefined> => {
  const [row] = await vault<{ at: Date | null }>({
    name: 'find-next-due-receipt',
    text: 'select min(look_at) as at from receipt_statement where look_at is not null',
    values: [],
  });
  return row?.at ?? undefined;
};
