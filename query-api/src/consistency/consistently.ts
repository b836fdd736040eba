import type { ConsistencyPoint } from '@ums/contracts/consistencyToken';
import { Refused } from '@ums/kit/refused';
import type { CheckpointWatch } from './checkpointWatch.js';
import type { Seen } from './seen.js';
import { tokenRefused } from './wantedPoint.js';

/** How long a read may wait for its projection (F-31). */
export const LONGEST_WAIT_MS = 2_000;

/**
 * Reads what reflects at least the wanted point: checkpoint and rows come from one snapshot, so the answer is never older
 * than it claims.
 *
 * @throws Refused `not-yet-visible` after two seconds; `validation-failed` for a point of another log.
 */
export const consistently = async <T>(
  wanted: ConsistencyPoint | undefined,
  watch: CheckpointWatch,
  read: () => Promise<Seen<T>>,
  waitMs = LONGEST_WAIT_MS,
): Promise<T> => {
  const first = await read();
  if (wanted === undefined || reflects(first, wanted)) return first.value;
  if (await watch.reached(wanted.position, waitMs)) {
    const second = await read();
    if (reflects(second, wanted)) return second.value;
  }
  throw new Refused('not-yet-visible', { retryAfterSeconds: 1 });
};

const reflects = ({ at }: Seen<unknown>, { logId, position }: ConsistencyPoint): boolean => {
  if (at !== undefined && at.logId !== logId) throw tokenRefused('is of another log');
  return at !== undefined && at.position >= position;
};
