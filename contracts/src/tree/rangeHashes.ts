import { nodeHash } from '../proof/merkle.js';
import { type LeafRange, type Subtree, subtreesOf } from './subtree.js';
import { subtreeHash, type TileId, type TileReader, tileOf } from './tile.js';

const keyOf = ({ level, index }: TileId): string => `${level}/${index}`;

/**
 * The hash of each range of leaves, MTH of RFC 6962, 2.1. All tiles are read with one call of the reader; for the ranges of a
 * proof they are at most two of a level.
 *
 * @param ranges none is empty, and each starts as `subtreesOf` asks.
 * @throws TileMissing; errors of the reader.
 */
export const rangeHashes = async (readTiles: TileReader, ranges: readonly LeafRange[]): Promise<Buffer[]> => {
  const parts = ranges.map(subtreesOf);
  const ids = new Map(parts.flat().map((subtree) => [keyOf(tileOf(subtree)), tileOf(subtree)]));
  const read = ids.size === 0 ? [] : await readTiles([...ids.values()]);
  const tiles = new Map([...ids.keys()].map((key, at) => [key, read[at]]));
  const hashes = new Map<string, Buffer>();
  const hashOf = (subtree: Subtree): Buffer => {
    const key = `${subtree.height}/${subtree.index}`;
    const hash = hashes.get(key) ?? subtreeHash(tiles.get(keyOf(tileOf(subtree))), subtree);
    hashes.set(key, hash);
    return hash;
  };
  return parts.map((subtrees) => subtrees.map(hashOf).reduceRight((right, left) => nodeHash(left, right)));
};
