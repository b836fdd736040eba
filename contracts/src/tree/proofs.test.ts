import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { countingReader, type MemoryTree, memoryTree } from '../../test/memoryTree.js';
import { leavesOf, naiveConsistency, naiveInclusion, naiveRoot } from '../../test/naiveTree.js';
import { EMPTY_ROOT } from '../proof/merkle.js';
import { consistencyProof, inclusionProof, inclusionProofs, provedLeaf, rootAt } from './proofs.js';

/** Larger than a tile of tiles would need 65,537 leaves; the naive recursion takes too long for every size, so a few are tried. */
const SIZES = [1, 2, 3, 7, 8, 255, 256, 257, 513, 65_537];
const leaves = leavesOf(66_000);

describe('a tree over tiles', () => {
  it('has the roots of RFC 6962 at each of its sizes, however it has grown', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 }), async (batches) => {
        const tree = memoryTree();
        let size = 0;
        for (const batch of batches) {
          tree.append(leaves.slice(size, size + batch));
          size += batch;
        }
        for (let at = 0; at <= size; at += Math.max(1, Math.floor(size / 50)))
          expect(await rootAt(tree.read, at)).toEqual(naiveRoot(leaves.slice(0, at)));
      }),
      { numRuns: 15 },
    );
    expect(await rootAt(memoryTree().read, 0)).toEqual(EMPTY_ROOT);
  });

  it('proves inclusion and consistency with the hashes of RFC 6962', async () => {
    const tree = memoryTree();
    tree.append(leaves.slice(0, 1_200));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 1_200 }), fc.integer({ min: 0, max: 1_199 }), async (size, at) => {
        const index = at % size;
        const part = leaves.slice(0, size);
        expect(await inclusionProof(tree.read, index, size)).toEqual(naiveInclusion(index, part));
        expect(await consistencyProof(tree.read, index + 1, size)).toEqual(naiveConsistency(index + 1, part));
      }),
      { numRuns: 80 },
    );
  });

  it.each(SIZES)('has the root of RFC 6962 and its proofs at %i leaves', async (size) => {
    const tree = full();
    const part = leaves.slice(0, size);
    expect(await rootAt(tree.read, size)).toEqual(naiveRoot(part));
    for (const index of size > 1_000 ? [size - 2] : new Set([0, Math.floor(size / 2), size - 1])) {
      expect(await inclusionProof(tree.read, index, size)).toEqual(naiveInclusion(index, part));
      expect(await consistencyProof(tree.read, index + 1, size)).toEqual(naiveConsistency(index + 1, part));
    }
  });

  it('proves several leaves as it proves each', async () => {
    const indexes = [0, 3, 3, 299, 40_000];
    const each = await Promise.all(indexes.map((index) => inclusionProof(full().read, index, 50_000)));
    expect(await inclusionProofs(full().read, indexes, 50_000)).toEqual(each);
    const [, inclusion] = each;
    expect(await provedLeaf(full().read, 3, 50_000)).toEqual({ leaf: leaves[3], inclusion });
    await expect(provedLeaf(full().read, 3, 3)).rejects.toThrow(RangeError);
  });

  it('reads at most two tiles of a level, in one call', async () => {
    const { read, calls } = countingReader(full());
    await inclusionProof(read, 40_001, 65_999);
    await consistencyProof(read, 40_001, 65_999);
    await rootAt(read, 65_999);
    expect(calls).toHaveLength(3);
    for (const ids of calls)
      for (const level of [0, 1, 2]) expect(ids.filter((id) => id.level === level).length).toBeLessThan(3);
  });

  it('refuses what the tree does not have', async () => {
    const tree = memoryTree();
    tree.append(leaves.slice(0, 300));
    await expect(inclusionProof(tree.read, 5, 5)).rejects.toThrow(RangeError);
    await expect(inclusionProofs(tree.read, [1, -1], 5)).rejects.toThrow(RangeError);
    await expect(consistencyProof(tree.read, 0, 5)).rejects.toThrow(RangeError);
    await expect(consistencyProof(tree.read, 6, 5)).rejects.toThrow(RangeError);
    await expect(rootAt(tree.read, 1.5)).rejects.toThrow(RangeError);
    await expect(rootAt(tree.read, 301)).rejects.toMatchObject({ name: 'TileMissing' });
    await expect(rootAt(tree.read, 600)).rejects.toMatchObject({ name: 'TileMissing' });
  });
});

let built: MemoryTree | undefined;
const full = (): MemoryTree => {
  if (built === undefined) {
    built = memoryTree();
    for (let at = 0; at < leaves.length; at += 1_000) built.append(leaves.slice(at, at + 1_000));
  }
  return built;
};
