import { setTimeout as sleep } from 'node:timers/promises';
import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import { codeOf } from '@ums/kit/postgres/errors';
import { type Transaction, withTransaction } from '@ums/kit/postgres/transaction';
import { StartRefused } from '@ums/kit/startRefused';
import { applyBatchWithin } from '../projection/applyBatch.js';
import { copyOf, existingCopies } from '../projection/copies.js';
import { checkpointOf } from '../projection/projection.js';
import { wholeOf, wholeUpTo } from '../projection/wholePlace.js';
import { missingIndexes } from './buildIndexes.js';
import { lockLive } from './createNext.js';
import { type ErasedAhead, readErasedAhead } from './erasedAhead.js';
import { eraseSkipped } from './eraseSkipped.js';
import { ALL_GAPS, type RebuildDeps } from './rebuild.js';
import { renameTables } from './renameTables.js';
import { requireSameShape } from './requireSameShape.js';
import { readDefinitions } from './tableDefinitions.js';

/** Events that the switch folds itself, while the projector waits for the lock on its checkpoint. */
const MAX_EVENTS_BEHIND = 1_000;
/**
 * Below `deadlock_timeout` (1 s): where a reader and the switch wait for each other, the switch gives up before Postgres cancels
 * the reader.
 */
const LOCK_TIMEOUT_MS = 100;
const PAUSE_MS = 50;
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Makes the tables `next` of a projection the live ones, in one transaction, and keeps those before as `old`. Readers wait
 * for a fraction of a second at most. They see either the tables before or those after, each with its checkpoint, and the
 * checkpoint does not go back.
 *
 * @param giveUpMs how long to try to lock the tables, each time for a tenth of a second. @default 60 s
 * @returns the position of the checkpoint.
 * @throws StartRefused when `next` is missing, unfinished, too far behind or has parked keys that the live tables do not have,
 * when there is an `old`, or when the place up to which the live tables are whole has moved back meanwhile; errors of Postgres,
 * the vault and the event log.
 */
export const switchTables = async (deps: RebuildDeps, giveUpMs = 60_000): Promise<bigint> => {
  const ahead = await readErasedAhead(deps);
  for (const end = performance.now() + giveUpMs; ; await sleep(PAUSE_MS)) {
    try {
      return await withTransaction(deps.pool, (tx) => switchWithin(tx, deps, ahead));
    } catch (error) {
      if (codeOf(error) !== LOCK_NOT_AVAILABLE) throw error;
      if (performance.now() > end)
        throw new StartRefused(
          'The tables stay locked by a long statement or by vacuum. Nothing was switched; try again.',
        );
    }
  }
};

const switchWithin = async (tx: Transaction, deps: RebuildDeps, ahead: ErasedAhead | undefined): Promise<bigint> => {
  const { projection } = deps;
  const { name } = projection;
  const next = copyOf(projection, 'next');
  const live = await lockLive(tx, projection);
  const copies = await existingCopies(tx, projection);
  if (!copies.includes('next')) throw new StartRefused(`Nothing of ${name} is rebuilt; run rebuild ${name} first.`);
  if (copies.includes('old'))
    throw new StartRefused(`The tables before the last switch of ${name} are still there; run drop ${name} old first.`);
  await requireSameShape(tx, projection, 'next');
  if ((await missingIndexes(tx, projection)).length > 0)
    throw new StartRefused(`The rebuild of ${name} is not complete; run rebuild ${name} again.`);
  const checkpoint = await foldRest(tx, deps, live);
  await refuseNewlyParked(tx, [name, next.name]);
  // From there they must be caught up when they come back.
  const old = await wholeUpTo(tx, projection, live);
  await eraseSkipped(tx, deps, { live: old, next: checkpoint }, ahead);
  const definitions = await readDefinitions(tx, projection);
  await tx.query(`select set_config('lock_timeout', '${LOCK_TIMEOUT_MS}', true)`);
  await tx.query(`lock table ${definitions.tables.join(', ')} in access exclusive mode`);
  await renameTables(tx, projection, definitions, ['live', 'old']);
  await renameTables(tx, projection, definitions, ['next', 'live']);
  await swapCheckpoints(tx, { live, old, next: checkpoint }, [name, next.name, copyOf(projection, 'old').name]);
  // Batches that change no row, and the store of how far tables are whole, turn it off.
  await tx.query('set local synchronous_commit = on');
  return checkpoint.position;
};

/**
 * The row of the live checkpoint stays, so that a projector that waits for its lock continues. Only if `next` is ahead does the
 * row change; the projector then starts again from it. What was rebuilt comes from reads of the log, so that it is whole.
 */
const swapCheckpoints = async (
  tx: Transaction,
  { live, old, next }: Readonly<Record<'live' | 'old' | 'next', Checkpoint>>,
  [liveName, nextName, oldName]: readonly [string, string, string],
): Promise<void> => {
  await tx.query({
    name: 'store-old-checkpoint',
    text: 'update read.checkpoint set name = $2, position = $3, event_id = $4 where name = $1',
    values: [nextName, oldName, String(old.position), old.eventId ?? null],
  });
  await wholeOf({ name: liveName }).advance(tx, next);
  if (next.position === live.position) return;
  await checkpointOf({ name: liveName }).move(tx, live, next);
};

/** Applies the events between the two checkpoints to `next`. @throws StartRefused when there are too many */
const foldRest = async (tx: Transaction, deps: RebuildDeps, live: Checkpoint): Promise<Checkpoint> => {
  const projection = copyOf(deps.projection, 'next');
  const rebuilt = await checkpointOf(projection).lock(tx);
  if (rebuilt.position >= live.position) return rebuilt;
  const after = rebuilt.position < 0n ? undefined : rebuilt.position;
  const events = await deps.eventLog.readAll(after, MAX_EVENTS_BEHIND);
  const rest = events.filter(({ position }) => position <= live.position);
  if (rest.at(-1)?.position !== live.position)
    throw new StartRefused(
      `The rebuild of ${deps.projection.name} is more than ${MAX_EVENTS_BEHIND} events behind the live tables; run rebuild again.`,
    );
  const { pool: _notInThisTransaction, ...others } = deps;
  return applyBatchWithin(tx, { ...others, projection, reportedGaps: ALL_GAPS }, rebuilt, rest);
};

/** Readers would get an error for a profile that they can read now. */
const refuseNewlyParked = async (tx: Transaction, [live, next]: readonly [string, string]): Promise<void> => {
  const { rows } = await tx.query<{ count: number }>({
    name: 'count-newly-parked-keys',
    text: `select count(*)::int as count from read.parked as rebuilt where projection = $2
           and not exists (select from read.parked as stored where stored.projection = $1 and stored.key = rebuilt.key)`,
    values: [live, next],
  });
  const count = rows[0]?.count ?? 0;
  if (count > 0)
    throw new StartRefused(
      `${count} keys are parked in ${next} that are not parked in ${live}; repair the cause, then run rebuild again.`,
    );
};
