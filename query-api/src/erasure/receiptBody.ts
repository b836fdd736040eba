import type { ErasureReceiptBody, ErasureStepBody, ErasureStepsBody } from '@ums/contracts/http/erasure';
import type { ReadModelProgress } from './readModelProgress.js';
import type { ReceiptRow } from './receiptRow.js';

const DAY_MS = 86_400_000;

/** What a receipt says at a time. @param backupDays how long the operator keeps backups */
export const receiptBody = (
  row: ReceiptRow,
  { isProjected, isPublished }: ReadModelProgress,
  { now, backupDays }: { now: Date; backupDays: number },
): ErasureReceiptBody => {
  const inVault = stepAt(row.vaultErasedAt);
  const due = row.diskRewrittenAt && new Date(row.diskRewrittenAt.getTime() + backupDays * DAY_MS);
  const steps: ErasureStepsBody = {
    ...{ keyDestroyed: inVault, addressesReleased: inVault, sessionsEnded: inVault },
    pictures: stepAt(row.picturesDeletedAt),
    mailRecords: stepAt(row.mailRecordsDeletedAt),
    readModels: untimed(isProjected),
    topicTombstone: isPublished === null ? { state: 'not-applicable', at: null } : untimed(isPublished),
    diskRewritten: stepAt(row.diskRewrittenAt),
    backupsDue: { state: due !== null && due <= now ? 'done' : 'pending', at: due?.toISOString() ?? null },
  };
  const complete = Object.values(steps).every(({ state }) => state !== 'pending');
  return { receipt: row.receipt, startedAt: row.startedAt.toISOString(), complete, steps };
};

const stepAt = (at: Date | null): ErasureStepBody =>
  at === null ? { state: 'pending', at: null } : { state: 'done', at: at.toISOString() };

/** A checkpoint says that a step is done, but not since when. */
const untimed = (isDone: boolean): ErasureStepBody => ({ state: isDone ? 'done' : 'pending', at: null });
