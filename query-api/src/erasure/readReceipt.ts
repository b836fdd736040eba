import type { ErasureReceiptBody } from '@ums/contracts/http/erasure';
import { receiptStatement, statementOf } from '@ums/contracts/proof/erasureReceipt';
import { readModelProgress } from '@ums/identity/erasure/readModelProgress';
import { receiptBody, type StatedReceipt } from '@ums/identity/erasure/receiptBody';
import { findReceipt, type StoredReceipt } from '@ums/identity/erasure/storedReceipt';
import type { Clock } from '@ums/kit/clock';
import type { Query } from '@ums/kit/postgres/guardedQuery';

export interface ReceiptSources {
  read: Query;
  vault: Query;
  clock: Clock;
  /** How many days the operator keeps backups. */
  backupDays: number;
}

/**
 * The receipt as it is now, with what the notary has signed of exactly this state. A receipt that was signed as complete is final.
 *
 * @throws DependencyUnavailable
 */
export const readReceipt = async (
  { read, vault, clock, backupDays }: ReceiptSources,
  receipt: string,
): Promise<ErasureReceiptBody | undefined> => {
  const row = await findReceipt(vault, receipt);
  if (row === undefined) return undefined;
  const final = signedAsComplete(row);
  if (final !== undefined) return final;
  const body = receiptBody(row, await readModelProgress(read, [row.userId]), { now: clock.now(), backupDays });
  const isSigned = row.note !== null && statementOf(row.note) === receiptStatement(body);
  return { ...body, signed: isSigned ? row.note : null };
};

const signedAsComplete = ({ note }: StoredReceipt): ErasureReceiptBody | undefined => {
  if (note === null) return undefined;
  const stated = JSON.parse(statementOf(note)) as StatedReceipt;
  return stated.complete ? { ...stated, signed: note } : undefined;
};
