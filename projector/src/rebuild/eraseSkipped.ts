import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { Transaction } from '@ums/kit/postgres/transaction';
import { unpark } from '../projection/parked.js';
import type { Projection } from '../projection/projection.js';
import { deleteRows } from '../projection/rowTable.js';
import { pagesAfter } from './pagesAfter.js';

interface SkipDeps {
  projection: Projection;
  eventLog: Pick<EventLog, 'readAll'>;
}

const EVENTS_AT_ONCE = 1_000;

/**
 * Deletes from the live tables the users who are erased by events after where these tables are whole and up to the checkpoint of
 * the rebuilt ones. For a switch: the projector may go on after these events, so it would never delete the users from the tables
 * before. The caller holds the lock on the live checkpoint.
 *
 * @param live how far the live tables are whole.
 * @throws LogUnavailable; errors of Postgres
 */
export const eraseSkipped = async (
  tx: Transaction,
  { projection, eventLog }: SkipDeps,
  { live, next }: { live: Checkpoint; next: Checkpoint },
): Promise<void> => {
  if ('row' in projection || next.position <= live.position) return;
  const erased = new Set<string>();
  for await (const page of pagesAfter(eventLog, live, EVENTS_AT_ONCE)) {
    for (const event of page.filter(({ position }) => position <= next.position)) {
      const key = projection.ends(event) ? projection.key(event) : undefined;
      if (key !== undefined) erased.add(key);
    }
    if ((page.at(-1)?.position ?? next.position) >= next.position) break;
  }
  if (erased.size === 0) return;
  await deleteRows(tx, projection.table, [...erased]);
  await unpark(tx, projection.name, [...erased]);
};
