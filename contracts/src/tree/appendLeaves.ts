import { completeHash, HASH_BYTES, TILE_WIDTH, type Tile } from './tile.js';

/** The right edge of a tree: all that is needed to append to it. */
export interface TreeEdge {
  /** Leaves of the tree. */
  size: number;
  /** The hashes of the incomplete last tile of each level, from level 0; none when all tiles of the level are complete. */
  incomplete: readonly Buffer[];
}

export const EMPTY_EDGE: TreeEdge = { size: 0, incomplete: [] };

const TILE_BYTES = TILE_WIDTH * HASH_BYTES;
const NO_HASHES = Buffer.alloc(0);

/**
 * Appends leaves to a tree.
 *
 * @returns the new edge, and the tiles that are new or longer than before.
 */
export const appendLeaves = (edge: TreeEdge, leaves: readonly Buffer[]): { edge: TreeEdge; changed: Tile[] } => {
  const incomplete = [...edge.incomplete];
  const changed: Tile[] = [];
  let added = leaves;
  for (let level = 0; added.length > 0; level++) {
    const hashes = Buffer.concat([incomplete[level] ?? NO_HASHES, ...added]);
    const firstTile = Math.floor(edge.size / TILE_WIDTH ** (level + 1));
    const completed: Buffer[] = [];
    for (let at = 0; at < hashes.length; at += TILE_BYTES) {
      const tile = hashes.subarray(at, at + TILE_BYTES);
      changed.push({ level, index: firstTile + at / TILE_BYTES, hashes: tile });
      if (tile.length === TILE_BYTES) completed.push(completeHash(tile));
    }
    incomplete[level] = hashes.subarray(hashes.length - (hashes.length % TILE_BYTES));
    added = completed;
  }
  return { edge: { size: edge.size + leaves.length, incomplete }, changed };
};

/** The edge of a tree from the last tile of each of its levels, level 0 first. */
export const edgeOf = (lastTiles: readonly Tile[]): TreeEdge => {
  const bottom = lastTiles[0];
  return {
    size: bottom === undefined ? 0 : bottom.index * TILE_WIDTH + bottom.hashes.length / HASH_BYTES,
    incomplete: lastTiles.map(({ hashes }) => (hashes.length === TILE_BYTES ? NO_HASHES : hashes)),
  };
};
