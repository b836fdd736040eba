import { userStream } from '@ums/contracts/streams';
import { Refused } from '@ums/kit/refused';
import type { FactDeps } from '../account/factDeps.js';
import { findNoOpRow, insertNoOp } from '../account/idempotencyRow.js';
import type { IdempotencyRecord } from './idempotency.js';

/** A repeat after this time is a new request. */
const LIFE_MS = 24 * 3_600_000;

type NoOpDeps = Pick<FactDeps, 'vault' | 'clock'>;

/**
 * Looks for an earlier attempt of a request that changed nothing. Requests that appended events are found in the stream.
 *
 * @returns the user's revision at the earlier attempt.
 * @throws Refused `idempotency-key-reused` if the key was used for a different request.
 */
export const findNoOp = async (
  { vault, clock }: NoOpDeps,
  record: IdempotencyRecord,
  userId: string,
): Promise<bigint | undefined> => {
  const row = await findNoOpRow(vault, idOf(record, userId), clock.now());
  if (row === undefined) return undefined;
  if (row.request !== record.request) throw new Refused('idempotency-key-reused');
  return row.revision;
};

/**
 * Remembers a request that changed nothing. Of concurrent attempts the first one stands. Remembers nothing for an erased
 * user.
 *
 * @returns the revision remembered, of this attempt or of an earlier one; `undefined` for an erased user.
 * @throws Refused `idempotency-key-reused` if a concurrent request used the key.
 */
export const rememberNoOp = async (
  deps: NoOpDeps,
  record: IdempotencyRecord,
  { userId, revision }: { userId: string; revision: bigint },
): Promise<bigint | undefined> => {
  const now = deps.clock.now();
  const row = { id: idOf(record, userId), request: record.request, revision };
  await insertNoOp(deps.vault, userId, row, { now, expiresAt: new Date(now.getTime() + LIFE_MS) });
  return findNoOp(deps, record, userId);
};

/** The id of the first event that the request would have appended. */
const idOf = (record: IdempotencyRecord, userId: string): string => record.eventId(userStream(userId), 0);
