import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { Transaction } from '@ums/kit/postgres/transaction';
import { StartRefused } from '@ums/kit/startRefused';
import { unpark } from '../projection/parked.js';
import type { Projection } from '../projection/projection.js';
import { deleteRows } from '../projection/rowTable.js';
import type { ErasedAhead } from './erasedAhead.js';
import { erasedBy } from './erasedBy.js';

interface SkipDeps {
  projection: Projection;
  eventLog: Pick<EventLog, 'readAll'>;
}

/** Read while the projector waits for the lock on its checkpoint. */
const MAX_EVENTS = 1_000;

/**
 * Deletes from the live tables the users who are erased by events after where these tables are whole and up to the checkpoint of
 * the rebuilt ones. For a switch: the projector may go on after these events, so it would never delete the users from the tables
 * before. The caller holds the lock on the live checkpoint, so only the few events that were not read ahead are read now.
 *
 * @param live how far the live tables are whole.
 * @param ahead what was read before the lock was taken.
 * @throws StartRefused where more than 1,000 events were not read ahead; LogUnavailable; errors of Postgres
 */
export const eraseSkipped = async (
  tx: Transaction,
  { projection, eventLog }: SkipDeps,
  { live, next }: { live: Checkpoint; next: Checkpoint },
  ahead: ErasedAhead | undefined,
): Promise<void> => {
  if ('row' in projection || next.position <= live.position) return;
  const erased = new Set(ahead?.keys);
  const isAhead = ahead !== undefined && ahead.after <= live.position && live.position < ahead.upTo;
  const after = isAhead ? ahead.upTo : live.position;
  if (after < next.position) {
    const rest = await eventLog.readAll(after < 0n ? undefined : after, MAX_EVENTS);
    if (rest.length === MAX_EVENTS && rest.every(({ position }) => position < next.position))
      throw new StartRefused(`The live tables of ${projection.name} are not whole yet; try again in a few seconds.`);
    for (const key of erasedBy(projection, rest, next.position)) erased.add(key);
  }
  if (erased.size === 0) return;
  await deleteRows(tx, projection.table, [...erased]);
  await unpark(tx, projection.name, [...erased]);
};
