import type { ErasureReceiptBody, ErasureStepBody, ErasureStepsBody } from '@ums/contracts/http/erasure';
import { ERASURE_RECEIPT_FORMAT } from '@ums/contracts/proof/erasureReceipt';
import type { ReadModelProgress } from './readModelProgress.js';
import type { StoredReceipt } from './storedReceipt.js';

/** What a receipt says, apart from its signature. */
export type StatedReceipt = Omit<ErasureReceiptBody, 'signed'>;

const DAY_MS = 86_400_000;

/** What a receipt says at a time. @param backupDays how long the operator keeps backups */
export const receiptBody = (
  row: StoredReceipt,
  progress: ReadModelProgress,
  { now, backupDays }: { now: Date; backupDays: number },
): StatedReceipt => {
  const inVault = stepAt(row.vaultErasedAt);
  const due = row.diskRewrittenAt && new Date(row.diskRewrittenAt.getTime() + backupDays * DAY_MS);
  const position = BigInt(row.position);
  const isProjected = isPast(progress.projected, position) && !progress.parked.includes(row.userId);
  const steps: ErasureStepsBody = {
    ...{ keyDestroyed: inVault, addressesReleased: inVault, sessionsEnded: inVault },
    pictures: stepAt(row.picturesDeletedAt),
    mailRecords: stepAt(row.mailRecordsDeletedAt),
    readModels: seenStep(isProjected, row.readModelsAt),
    topicTombstone:
      progress.published === null
        ? { state: 'not-applicable', at: null }
        : seenStep(isPast(progress.published, position), row.topicTombstoneAt),
    diskRewritten: stepAt(row.diskRewrittenAt),
    backupsDue: { state: due !== null && due <= now ? 'done' : 'pending', at: due?.toISOString() ?? null },
  };
  const complete = Object.values(steps).every(({ state }) => state !== 'pending');
  const { receipt, startedAt } = row;
  return { format: ERASURE_RECEIPT_FORMAT, receipt, startedAt: startedAt.toISOString(), complete, steps };
};

const isPast = (checkpoint: string | null, position: bigint): boolean =>
  checkpoint !== null && BigInt(checkpoint) >= position;

const stepAt = (at: Date | null): ErasureStepBody =>
  at === null ? { state: 'pending', at: null } : { state: 'done', at: at.toISOString() };

/** A checkpoint says that a step is done, but not since when: the time is that at which the notary saw it. */
const seenStep = (isDone: boolean, seenAt: Date | null): ErasureStepBody => ({
  state: isDone ? 'done' : 'pending',
  at: (isDone && seenAt?.toISOString()) || null,
});
