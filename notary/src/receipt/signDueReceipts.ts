import { receiptStatement, statementOf } from '@ums/contracts/proof/erasureReceipt';
import { type ReadModelProgress, readModelProgress } from '@ums/identity/erasure/readModelProgress';
import { receiptBody, type StatedReceipt } from '@ums/identity/erasure/receiptBody';
import type { StoredReceipt } from '@ums/identity/erasure/storedReceipt';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import type { NotaryKeys } from '../note/notaryKeys.js';
import { dueReceipts, type ReceiptStatement, saveStatements } from './receiptStatements.js';

export interface SignReceiptsDeps {
  vault: Query;
  /** Of the database with the checkpoints of the projector. */
  read: Query;
  keys: Pick<NotaryKeys, 'signedNote'>;
  /** How many days the operator keeps backups. */
  backupDays: number;
  /** Time between two looks at a receipt with a step that may be done at any moment, in seconds. */
  pendingSeconds: number;
}

/** It bounds the memory of a look, and for how long it keeps the notary from its checkpoints. */
const MAX_RECEIPTS = 200;

/** The operator may change the number of days while a receipt waits for them to pass. */
const DAY_MS = 86_400_000;

/**
 * Looks at the receipts that are due, and signs those that say something else than what was signed last.
 *
 * @returns how many it signed.
 * @throws DependencyUnavailable; then nothing was signed.
 */
export const signDueReceipts = async (deps: SignReceiptsDeps, now: Date): Promise<number> => {
  const { vault, read } = deps;
  const due = await dueReceipts(vault, now, MAX_RECEIPTS);
  if (due.length === 0) return 0;
  const progress = await readModelProgress(
    read,
    due.map(({ userId }) => userId),
  );
  const statements = due.map((row) => statementFor(deps, row, progress, now));
  await saveStatements(vault, statements);
  return statements.filter(({ note }, index) => note !== due[index]?.note).length;
};

const statementFor = (
  { keys, backupDays, pendingSeconds }: SignReceiptsDeps,
  row: StoredReceipt,
  progress: ReadModelProgress,
  now: Date,
): ReceiptStatement => {
  const seen = withSeenSteps(row, receiptBody(row, progress, { now, backupDays }), now);
  const body = receiptBody(seen, progress, { now, backupDays });
  const text = receiptStatement(body);
  const isSigned = row.note !== null && statementOf(row.note) === text;
  const note = isSigned && row.note !== null ? row.note : keys.signedNote(text);
  const { receipt, readModelsAt, topicTombstoneAt } = seen;
  return { receipt, note, readModelsAt, topicTombstoneAt, lookAt: nextLook(body, now, pendingSeconds) };
};

/** With the time of the steps that are seen to be done for the first time. */
const withSeenSteps = (row: StoredReceipt, { steps }: StatedReceipt, now: Date): StoredReceipt => ({
  ...row,
  readModelsAt: row.readModelsAt ?? (steps.readModels.state === 'done' ? now : null),
  topicTombstoneAt: row.topicTombstoneAt ?? (steps.topicTombstone.state === 'done' ? now : null),
});

/** A step that waits for a date needs no look before, apart from one a day; any other may be done at any moment. */
const nextLook = ({ complete, steps }: StatedReceipt, now: Date, pendingSeconds: number): Date | null => {
  if (complete) return null;
  const { backupsDue, ...others } = steps;
  const isOnlyDue = Object.values(others).every(({ state }) => state !== 'pending');
  if (!isOnlyDue || backupsDue.at === null) return new Date(now.getTime() + pendingSeconds * 1_000);
  return new Date(Math.min(Date.parse(backupsDue.at), now.getTime() + DAY_MS));
};
