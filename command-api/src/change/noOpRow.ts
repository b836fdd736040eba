import { userStream } from '@ums/contracts/streams';
import type { Transaction } from '@ums/kit/postgres/transaction';
import { Refused } from '@ums/kit/refused';
import type { FactDeps } from '../account/factDeps.js';
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
  const { rows } = await vault.query<{ request: string; revision: string }>({
    name: 'find-no-op',
    text: 'select request, revision from idempotency where id = $1 and expires_at > $2',
    values: [idOf(record, userId), clock.now()],
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  if (row.request !== record.request) throw new Refused('idempotency-key-reused');
  return BigInt(row.revision);
};

/**
 * Remembers a request that changed nothing. Of concurrent attempts the first one stands. Remembers nothing for an erased
 * user: the lock on the account waits for an erasure in progress, whose deletion would miss the new row.
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
  await deps.vault.query({
    name: 'remember-no-op',
    text: `insert into idempotency (id, user_id, request, revision, expires_at)
           select $1, user_id, $3, $4, $5 from account where user_id = $2 and status <> 'erased' for share
           on conflict (id) do update set request = $3, revision = $4, expires_at = $5 where idempotency.expires_at <= $6`,
    values: [
      ...[idOf(record, userId), userId, record.request, String(revision)],
      ...[new Date(now.getTime() + LIFE_MS), now],
    ],
  });
  return findNoOp(deps, record, userId);
};

/** The id of the first event that the request would have appended. */
const idOf = (record: IdempotencyRecord, userId: string): string => record.eventId(userStream(userId), 0);

export const sweepNoOps = (tx: Transaction, now: Date) =>
  tx.query(
    `delete from idempotency where id in (
       select id from idempotency where expires_at <= $1 for update skip locked)`,
    [now],
  );
