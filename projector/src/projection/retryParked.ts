import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import type { BatchDeps } from './applyBatch.js';
import { type Failure, park, parkedKeys, unpark } from './parked.js';
import { checkpointOf, type Projection, type Revisioned } from './projection.js';
import { refold } from './refold.js';
import { deleteRows } from './rowTable.js';
import { saveBisected } from './saveRows.js';

type RetryDeps<Row extends Revisioned> = Pick<BatchDeps<Row>, 'projection' | 'pool' | 'eventLog' | 'keys'>;

/**
 * Folds every parked key again, for use after the cause was fixed. Each key is folded from its stream up to the checkpoint.
 * The checkpoint row is locked meanwhile, so that the next batch continues exactly after it.
 *
 * @returns the keys that still fail.
 * @throws LogUnavailable; errors of the vault and Postgres.
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
    keys.evict(key);
    const failure = await saveOutcome(tx, projection, await refold(projection, eventLog, keys, key, position), key);
    if (failure === undefined) await unpark(tx, projection.name, [key]);
    else await park(tx, projection.name, new Map([[key, failure]]));
    return failure;
  });

const saveOutcome = async <Row extends Revisioned>(
  tx: Transaction,
  { table }: Projection<Row>,
  outcome: Awaited<ReturnType<typeof refold<Row>>>,
  key: string,
): Promise<Failure | undefined> => {
  if (outcome.kind === 'failed') return { position: outcome.position, reason: outcome.reason };
  if (outcome.kind === 'row') return (await saveBisected(tx, table, new Map([[key, outcome.folded]]))).get(key);
  await deleteRows(tx, table, [key]);
  return undefined;
};
