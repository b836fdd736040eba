import { hash } from 'node:crypto';
import type { Subtree } from './subtree.js';

/** The hashes of a tile are the leaves of a subtree of this height. */
const TILE_HEIGHT = 8;
/** Hashes of a complete tile. */
export const TILE_WIDTH = 2 ** TILE_HEIGHT;
/** Bytes of a hash. */
export const HASH_BYTES = 32;

/**
 * A tile holds the hashes of up to 256 complete subtrees of `256 ** level` leaves each, side by side: `index` counts the tiles
 * of a level. The last tile of a level may be incomplete; it only grows, so that it serves every earlier size of the tree too.
 */
export interface TileId {
  level: number;
  index: number;
}

/** A tile with its hashes, one after the other. */
export interface Tile extends TileId {
  hashes: Buffer;
}

/** Reads tiles, in the order of the ids; `undefined` for those that do not exist. */
export type TileReader = (ids: readonly TileId[]) => Promise<readonly (Buffer | undefined)[]>;

/** A stored tree has no hash where its size says there is one: it was damaged, or the size is not one of this tree. */
export class TileMissing extends Error {
  override readonly name = 'TileMissing';

  constructor({ level, index }: TileId) {
    super(`the tree has no hashes for tile ${level}/${index}`);
  }
}

/** The tile that holds the leaves of a subtree, or the hash of the subtree itself. */
export const tileOf = ({ height, index }: Subtree): TileId => {
  const perTile = TILE_WIDTH / 2 ** (height % TILE_HEIGHT);
  return { level: Math.floor(height / TILE_HEIGHT), index: Math.floor(index / perTile) };
};

/** The hash of a subtree, from the tile that `tileOf` names. @throws TileMissing when the tile is too short */
export const subtreeHash = (hashes: Buffer | undefined, subtree: Subtree): Buffer => {
  const width = 2 ** (subtree.height % TILE_HEIGHT);
  const first = (subtree.index * width) % TILE_WIDTH;
  const part = hashes?.subarray(first * HASH_BYTES, (first + width) * HASH_BYTES);
  if (part?.length !== width * HASH_BYTES) throw new TileMissing(tileOf(subtree));
  return completeHash(part);
};

/**
 * The hash over hashes whose number is a power of two, level by level in one buffer: a proof takes hundreds of hashes, and this
 * takes a third less time than a call of `nodeHash` for each.
 */
export const completeHash = (hashes: Buffer): Buffer => {
  const level = Buffer.from(hashes);
  const node = Buffer.alloc(1 + 2 * HASH_BYTES, 1);
  for (let count = hashes.length / HASH_BYTES; count > 1; count /= 2)
    for (let at = 0; at < count / 2; at++) {
      level.copy(node, 1, at * 2 * HASH_BYTES, (at + 1) * 2 * HASH_BYTES);
      hash('sha256', node, 'buffer').copy(level, at * HASH_BYTES);
    }
  return level.subarray(0, HASH_BYTES);
};
