import { appendLeaves, EMPTY_EDGE, edgeOf, type TreeEdge } from '@ums/contracts/tree/appendLeaves';
import type { Tile, TileReader } from '@ums/contracts/tree/tile';
import { type CheckpointStore, checkpointStore } from '@ums/kit/event-log/checkpointStore';
import type { Transaction } from '@ums/kit/postgres/transaction';

/** Name of the notary's lock and of its position. */
export const NOTARY = 'notary';

/** How far the log is in the tree. */
export const treePosition = (): CheckpointStore => checkpointStore('notary.position', NOTARY);

interface TileRow {
  level: number;
  index: string;
  hashes: Buffer;
}

/** The right edge of the stored tree. Read in one statement, so that it is of one moment. */
export const loadEdge = async (tx: Transaction): Promise<TreeEdge> => {
  const { rows } = await tx.query<TileRow>({
    name: 'load-tree-edge',
    // Eight levels hold more leaves than a number does.
    text: `select last.level, last.index, last.hashes from generate_series(0, 7) as levels (level)
           cross join lateral (select level, index, hashes from notary.tile where tile.level = levels.level
             order by index desc limit 1) as last
           order by last.level`,
    values: [],
  });
  return edgeOf(rows.map(({ level, index, hashes }) => ({ level, index: Number(index), hashes })));
};

/** The leaves of the stored tree. */
export const treeSize = async (tx: Transaction): Promise<number> => {
  const { rows } = await tx.query<{ size: string }>({
    name: 'read-tree-size',
    text: `select index * 256 + length(hashes) / 32 as size from notary.tile where level = 0
           order by index desc limit 1`,
    values: [],
  });
  return Number(rows[0]?.size ?? 0);
};

/** Reads tiles of the stored tree, with one statement. */
export const tileReader =
  (tx: Transaction): TileReader =>
  async (ids) => {
    const { rows } = await tx.query<{ hashes: Buffer | null }>({
      name: 'read-tiles',
      text: `select tile.hashes from unnest($1::smallint[], $2::bigint[]) with ordinality as wanted (level, index, place)
             left join notary.tile using (level, index) order by wanted.place`,
      values: [ids.map(({ level }) => level), ids.map(({ index }) => index)],
    });
    return rows.map(({ hashes }) => hashes ?? undefined);
  };

/** The indexes of the leaves of these events; events that are not in the tree are left out. */
export const leafIndexes = async (tx: Transaction, eventIds: readonly string[]): Promise<Map<string, number>> => {
  const { rows } = await tx.query<{ event_id: string; leaf_index: string }>({
    name: 'find-leaf-indexes',
    text: 'select event_id, leaf_index from notary.leaf where event_id = any($1::uuid[])',
    values: [eventIds],
  });
  return new Map(rows.map((row) => [row.event_id, Number(row.leaf_index)]));
};

/** A leaf, and the event it is the hash of. */
export interface EventLeaf {
  eventId: string;
  hash: Buffer;
  /** Whether the event is of a stream whose events may expire. */
  mayExpire: boolean;
}

/** Appends leaves to the stored tree, whose edge is given. @returns the new edge */
export const saveLeaves = async (tx: Transaction, edge: TreeEdge, leaves: readonly EventLeaf[]): Promise<TreeEdge> => {
  const grown = appendLeaves(
    edge,
    leaves.map(({ hash }) => hash),
  );
  await saveTiles(tx, grown.changed);
  await tx.query({
    name: 'save-leaves',
    // The log keeps ids apart within a stream only. An id that repeats in another stream keeps its first leaf.
    text: `insert into notary.leaf (event_id, leaf_index)
           select added.id, $1::bigint + added.place - 1 from unnest($2::uuid[]) with ordinality as added (id, place)
           on conflict (event_id) do nothing`,
    values: [edge.size, leaves.map(({ eventId }) => eventId)],
  });
  await countExpirable(tx, edge.size, leaves);
  return grown.edge;
};

/** A tree whose earlier leaves were not counted has no row, and gets none. */
const countExpirable = async (tx: Transaction, size: number, leaves: readonly EventLeaf[]): Promise<void> => {
  const values = [size, leaves.length, leaves.filter(({ mayExpire }) => mayExpire).length];
  if (size === 0)
    await tx.query({
      name: 'begin-expirable',
      text: 'insert into notary.expirable (size, leaves) values ($1::bigint + $2, $3)',
      values,
    });
  else
    await tx.query({
      name: 'count-expirable',
      text: 'update notary.expirable set size = size + $2, leaves = leaves + $3 where size = $1',
      values,
    });
};

/** How many leaves of the stored tree are of streams whose events may expire; `undefined` for a tree that was not counted. */
export const expirableLeaves = async (tx: Transaction, size: number): Promise<number | undefined> => {
  const { rows } = await tx.query<{ leaves: string }>({
    name: 'read-expirable',
    text: 'select leaves from notary.expirable where size = $1',
    values: [size],
  });
  return rows[0] && Number(rows[0].leaves);
};

const saveTiles = async (tx: Transaction, tiles: readonly Tile[]): Promise<void> => {
  await tx.query({
    name: 'save-tiles',
    text: `insert into notary.tile (level, index, hashes)
           select * from unnest($1::smallint[], $2::bigint[], $3::bytea[])
           on conflict (level, index) do update set hashes = excluded.hashes`,
    values: [tiles.map(({ level }) => level), tiles.map(({ index }) => index), tiles.map(({ hashes }) => hashes)],
  });
};

/** Forgets the tree, for a notary that begins with the first event again. Its signed checkpoints stay. @returns the empty edge */
export const clearTree = async (tx: Transaction): Promise<TreeEdge> => {
  await tx.query('truncate notary.tile, notary.leaf, notary.expirable');
  return EMPTY_EDGE;
};
