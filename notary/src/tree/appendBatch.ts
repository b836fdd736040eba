import type { RecordedEvent } from '@ums/contracts/events/event';
import { NotCanonical } from '@ums/contracts/proof/canonicalJson';
import { isProvable, leafHash } from '@ums/contracts/proof/leaf';
import { mayExpire } from '@ums/contracts/proof/mayExpire';
import type { TreeEdge } from '@ums/contracts/tree/appendLeaves';
import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import { withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import { type EventLeaf, saveLeaves, treePosition } from './treeStore.js';
import { Unprovable } from './unprovable.js';

/** The tree in this process: how far the log is in it, and where it grows. */
export interface TreeState {
  position: Checkpoint;
  edge: TreeEdge;
}

/**
 * Appends the events of a batch that can be proved to the tree: tiles and position change in one transaction, which another
 * instance that has moved the position makes fail. Events up to the position repeat and are left out. Those before one that has
 * no leaf are appended; the position is then that of the last of them.
 *
 * @throws Unprovable when the first new event has no leaf; Superseded; errors of Postgres. Nothing has changed then.
 */
export const appendBatch = async (
  pool: pg.Pool,
  state: TreeState,
  events: readonly RecordedEvent[],
): Promise<TreeState> => {
  const { last, leaves } = leavesOf(events.filter(({ position }) => position > state.position.position));
  if (last === undefined) return state;
  const position = { position: last.position, eventId: last.id, logId: state.position.logId };
  if (leaves.length === 0) {
    await treePosition().move(pool, state.position, position, false);
    return { position, edge: state.edge };
  }
  const edge = await withTransaction(pool, async (tx) => {
    await treePosition().move(tx, state.position, position);
    return saveLeaves(tx, state.edge, leaves);
  });
  return { position, edge };
};

/** The leaves of the events before the first that has none, and the last of these events. */
const leavesOf = (events: readonly RecordedEvent[]): { last: RecordedEvent | undefined; leaves: EventLeaf[] } => {
  const leaves: EventLeaf[] = [];
  let last: RecordedEvent | undefined;
  for (const event of events) {
    if (isProvable(event)) {
      const hash = hashOf(event);
      if (hash instanceof Unprovable && last === undefined) throw hash;
      if (hash instanceof Unprovable) break;
      leaves.push({ eventId: event.id, hash, mayExpire: mayExpire(event.stream) });
    }
    last = event;
  }
  return { last, leaves };
};

const hashOf = (event: RecordedEvent): Buffer | Unprovable => {
  try {
    return leafHash(event);
  } catch (error) {
    if (error instanceof NotCanonical || error instanceof RangeError) return new Unprovable(event, error.message);
    throw error;
  }
};
