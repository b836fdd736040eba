import { withTransaction } from '@ums/kit/postgres/transaction';
import type { BatchDeps } from './applyBatch.js';
import { type Failure, park, parkedKeys, unpark } from './parked.js';
import { checkpointOf, type Projection, type Revisioned } from './projection.js';
import { refold } from './refold.js';
import { deleteRows } from './rowTable.js';
import { saveBisected } from './saveRows.js';

/** What a retry needs: everything of a batch but the subscription. */
export type RetryDeps<Row extends Revisioned> = Pick<BatchDeps<Row>, 'projection' | 'pool' | 'eventLog' | 'keys'>;

/**
 * Tries the parked keys again, after a fault was mended: each is folded anew from its stream up to the checkpoint, which
 * is locked meanwhile, so that batches go on behind it as if it had never failed.
 *
 * @returns the keys that still fail.
 * @throws LogUnavailable; what vault and Postgres throw.
 */
export const retryParked = async <Row extends Revisioned>(deps: RetryDeps<Row>): Promise<Map<string, Failure>> => {
  const failing = new Map<string, Failure>();
  for (const key of await parkedKeys(deps.pool, deps.projection.name)) {
    const failure = await retryKey(deps, key);
    if (failure !== undefined) failing.set(key, failure);
  }
  return failing;
};

const retryKey = <Row extends Revisioned>(
  { projection, pool, eventLog, keys }: RetryDeps<Row>,
  key: string,
): Promise<Failure | undefined> =>
  withTransaction(pool, async (tx) => {
    const { position } = await checkpointOf(projection).lock(tx);
    keys.forget(key);
    const failure = await refoldInto(tx, projection, await refold(projection, eventLog, keys, key, position), key);
    if (failure === undefined) await unpark(tx, projection.name, [key]);
    else await park(tx, projection.name, new Map([[key, failure]]));
    return failure;
  });

const refoldInto = async <Row extends Revisioned>(
  tx: Parameters<typeof saveBisected>[0],
  { table }: Projection<Row>,
  outcome: Awaited<ReturnType<typeof refold<Row>>>,
  key: string,
): Promise<Failure | undefined> => {
  if (outcome.is === 'failed') return { position: outcome.position, reason: outcome.reason };
  if (outcome.is === 'row') return (await saveBisected(tx, table, new Map([[key, outcome.placed]]))).get(key);
  if (outcome.is === 'none') await deleteRows(tx, table, [key]);
  return undefined;
};
