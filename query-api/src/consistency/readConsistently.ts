import { CONSISTENCY_HEADER, type ConsistencyPoint, parseConsistencyToken } from '@ums/contracts/consistencyToken';
import { Refused } from '@ums/kit/refused';
import { noteWait } from '@ums/kit/wait';
import type { CheckpointWatch } from './checkpointWatch.js';
import type { Snapshot } from './snapshot.js';

/** How long a read waits for its projection (F-31). */
const MAX_WAIT_MS = 2_000;

/**
 * Reads a value that reflects at least the point of the log that the request's consistency token names. Checkpoint and rows
 * come from one snapshot, so the answer is never older than its checkpoint.
 *
 * @param token value of the request header; without one, or with an empty one, the read does not wait.
 * @throws Refused `not-yet-visible` after two seconds; `validation-failed` for a malformed token or one of another log.
 */
export const readConsistently = async <T>(
  token: string | undefined,
  watch: CheckpointWatch,
  read: () => Promise<Snapshot<T>>,
): Promise<T> => {
  const requested = requestedPoint(token);
  const first = await read();
  if (requested === undefined || reflects(first, requested)) return first.value;
  if (await watch.reached(requested.position, MAX_WAIT_MS)) {
    const second = await read();
    if (reflects(second, requested)) return second.value;
  }
  const limit = `position not reached within ${MAX_WAIT_MS} ms`;
  const refusal = new Refused('not-yet-visible', { retryAfterSeconds: 1 });
  throw noteWait(refusal, { dependency: 'read model', limit, waitedMs: MAX_WAIT_MS });
};

const requestedPoint = (token: string | undefined): ConsistencyPoint | undefined => {
  if (token === undefined || token === '') return undefined;
  const point = parseConsistencyToken(token);
  if (point === undefined) throw tokenRefused('is not a consistency token');
  return point;
};

const reflects = ({ point }: Snapshot<unknown>, { logId, position }: ConsistencyPoint): boolean => {
  if (point !== undefined && point.logId !== logId) throw tokenRefused('is of another log');
  return point !== undefined && point.position >= position;
};

/** 400, not 503: waiting cannot help, so the client must drop the token. */
const tokenRefused = (message: string): Refused =>
  new Refused('validation-failed', { errors: [{ field: CONSISTENCY_HEADER, message }] });
