import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import type { BatchDeps } from './applyBatch.js';
import { type ErasedDeps, erasedInLive } from './erasedInLive.js';
import { firstEvents } from './firstEvents.js';
import { openEvents } from './openEvents.js';
import { type Failure, type ParkedKey, park, parkedKeys, unpark } from './parked.js';
import { checkpointOf, type Revisioned } from './projection.js';
import { refold } from './refold.js';
import { deleteRows } from './rowTable.js';
import { saveBisected } from './saveRows.js';

type RetryDeps<Row extends Revisioned> = Pick<BatchDeps<Row>, 'projection' | 'pool' | 'eventLog' | 'keys'>;

/** Why a key is still parked that the log does not give to us, although it answers. */
export const UNREADABLE = 'unreadable';

/**
 * Applies every parked key again, for use after the cause was fixed. Each key is folded from its stream up to the checkpoint,
 * or made of its event. The checkpoint row is locked meanwhile, so that the next batch continues exactly after it. A key that
 * cannot be read stays as it is, and keeps back none of the others.
 *
 * @returns the keys that still fail.
 * @throws LogUnavailable while the log does not answer; errors of the vault and Postgres.
 */
export const retryParked = async <Row extends Revisioned>(deps: RetryDeps<Row>): Promise<Map<string, Failure>> => {
  const failing = new Map<string, Failure>();
  for (const parked of await parkedKeys(deps.pool, deps.projection.name)) {
    const failure = await retryKey(deps, parked).catch((error: unknown) => ifUnreadable(deps, parked, error));
    if (failure !== undefined) failing.set(parked.key, failure);
  }
  return failing;
};

/** @throws the error, unless it is one of this key alone. */
const ifUnreadable = async <Row extends Revisioned>(
  { eventLog }: RetryDeps<Row>,
  { position }: ParkedKey,
  error: unknown,
): Promise<Failure> => {
  if (!(error instanceof LogUnavailable)) throw error;
  await eventLog.head();
  return { position, reason: UNREADABLE };
};

const retryKey = <Row extends Revisioned>(deps: RetryDeps<Row>, parked: ParkedKey): Promise<Failure | undefined> =>
  withTransaction(deps.pool, async (tx) => {
    const { name } = deps.projection;
    const { position } = await checkpointOf(deps.projection).lock(tx);
    const failure = await applyAgain(tx, deps, parked, position);
    if (failure === undefined) await unpark(tx, name, [parked.key]);
    else await park(tx, name, new Map([[parked.key, failure]]));
    return failure;
  });

const applyAgain = async <Row extends Revisioned>(
  tx: Transaction,
  { projection, eventLog, keys }: RetryDeps<Row>,
  { key, position }: ParkedKey,
  checkpoint: bigint,
): Promise<Failure | undefined> => {
  if ('row' in projection) {
    const event = await eventLog.readAt(position);
    if (event === undefined) return { position, reason: 'missing-event' };
    const range = { from: checkpoint, to: checkpoint };
    const opened = openEvents(projection, [event], await firstEvents(eventLog, projection, [event]));
    return (await opened.write(tx, range, saveBisected)).get(key);
  }
  keys.evict(key);
  return saveOutcome(tx, { projection, eventLog }, await refold(projection, eventLog, keys, key, checkpoint), key);
};

const saveOutcome = async <Row extends Revisioned>(
  tx: Transaction,
  deps: ErasedDeps<Row>,
  outcome: Awaited<ReturnType<typeof refold<Row>>>,
  key: string,
): Promise<Failure | undefined> => {
  if (outcome.kind === 'failed') return { position: outcome.position, reason: outcome.reason };
  const { table } = deps.projection;
  const rows = new Map(outcome.kind === 'row' ? [[key, outcome.folded]] : []);
  for (const erased of await erasedInLive(tx, deps, rows)) rows.delete(erased);
  if (rows.size > 0) return (await saveBisected(tx, table, rows)).get(key);
  await deleteRows(tx, table, [key]);
  return undefined;
};
