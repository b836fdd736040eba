import { EMPTY_ROOT } from '../proof/merkle.js';
import { rangeHashes } from './rangeHashes.js';
import { type LeafRange, splitOf } from './subtree.js';
import type { TileReader } from './tile.js';

/** The root of the first `size` leaves. @throws RangeError for a size that is no whole number; TileMissing; errors of the reader */
export const rootAt = async (readTiles: TileReader, size: number): Promise<Buffer> => {
  requireWhole(size >= 0, size);
  if (size === 0) return EMPTY_ROOT;
  const [root] = await rangeHashes(readTiles, [{ start: 0, end: size }]);
  return root as Buffer;
};

/**
 * The hashes that lead from a leaf to the root of the first `size` leaves, the sibling of the leaf first (RFC 6962, 2.1.1).
 *
 * @throws RangeError unless `0 <= index < size`; TileMissing; errors of the reader.
 */
export const inclusionProof = async (readTiles: TileReader, index: number, size: number): Promise<Buffer[]> => {
  requireWhole(index >= 0 && index < size, index, size);
  return rangeHashes(readTiles, inclusionRanges(index, size));
};

/** A leaf and its inclusion proof, from one read. @throws as `inclusionProof` */
export const provedLeaf = async (
  readTiles: TileReader,
  index: number,
  size: number,
): Promise<{ leaf: Buffer; inclusion: Buffer[] }> => {
  requireWhole(index >= 0 && index < size, index, size);
  const self = { start: index, end: index + 1 };
  const [leaf, ...inclusion] = await rangeHashes(readTiles, [self, ...inclusionRanges(index, size)]);
  return { leaf: leaf as Buffer, inclusion };
};

/** As `inclusionProof`, for several leaves of one tree: their tiles are read together. */
export const inclusionProofs = async (
  readTiles: TileReader,
  indexes: readonly number[],
  size: number,
): Promise<Buffer[][]> => {
  for (const index of indexes) requireWhole(index >= 0 && index < size, index, size);
  const ranges = indexes.map((index) => inclusionRanges(index, size));
  const hashes = await rangeHashes(readTiles, ranges.flat());
  let taken = 0;
  return ranges.map(({ length }) => {
    taken += length;
    return hashes.slice(taken - length, taken);
  });
};

/**
 * The hashes that prove that the tree of `to` leaves begins with the tree of `from` leaves (RFC 6962, 2.1.2). Empty when both
 * are the same size.
 *
 * @throws RangeError unless `0 < from <= to`; TileMissing; errors of the reader.
 */
export const consistencyProof = async (readTiles: TileReader, from: number, to: number): Promise<Buffer[]> => {
  requireWhole(from > 0 && from <= to, from, to);
  return rangeHashes(readTiles, consistencyRanges(from, to));
};

/** @throws RangeError */
const requireWhole = (isInRange: boolean, ...numbers: readonly number[]): void => {
  if (!isInRange || !numbers.every(Number.isSafeInteger)) throw new RangeError('the tree has no such leaf or size');
};

const inclusionRanges = (index: number, size: number): LeafRange[] => {
  const ranges: LeafRange[] = [];
  for (let [start, end] = [0, size]; end - start > 1; ) {
    const middle = start + splitOf(end - start);
    if (index < middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  return ranges.reverse();
};

const consistencyRanges = (from: number, to: number): LeafRange[] => {
  const ranges: LeafRange[] = [];
  let [start, end] = [0, to];
  while (end !== from) {
    const middle = start + splitOf(end - start);
    if (from <= middle) {
      ranges.push({ start: middle, end });
      end = middle;
    } else {
      ranges.push({ start, end: middle });
      start = middle;
    }
  }
  // What is left ends at `from`. The verifier knows its hash only when it is the whole old tree.
  if (start > 0) ranges.push({ start, end });
  return ranges.reverse();
};
