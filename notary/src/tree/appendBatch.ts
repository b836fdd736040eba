import type { RecordedEvent } from '@ums/contracts/events/event';
import { isProvable, leafHash } from '@ums/contracts/proof/leaf';
import { mayExpire } from '@ums/contracts/proof/mayExpire';
import type { TreeEdge } from '@ums/contracts/tree/appendLeaves';
import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import { withTransaction } from '@ums/kit/postgres/transaction';
import type pg from 'pg';
import { saveLeaves, treePosition } from './treeStore.js';

/** The tree in this process: how far the log is in it, and where it grows. */
export interface TreeState {
  position: Checkpoint;
  edge: TreeEdge;
}

/**
 * Appends the events of a batch that can be proved to the tree: tiles and position change in one transaction, which another
 * instance that has moved the position makes fail. Events up to the position repeat and are left out.
 *
 * @throws Superseded; TypeError for an event that has no canonical JSON; errors of Postgres. Nothing has changed then.
 */
export const appendBatch = async (
  pool: pg.Pool,
  state: TreeState,
  events: readonly RecordedEvent[],
): Promise<TreeState> => {
  const added = events.filter(({ position }) => position > state.position.position);
  const last = added.at(-1);
  if (last === undefined) return state;
  const position = { position: last.position, eventId: last.id, logId: state.position.logId };
  const leaves = added
    .filter(isProvable)
    .map((event) => ({ eventId: event.id, hash: leafHash(event), mayExpire: mayExpire(event.stream) }));
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
