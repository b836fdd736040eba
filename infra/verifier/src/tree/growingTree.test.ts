import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { proofVectors } from '../../../../contracts/test/proofVectors.js';
import { auditPath, treeHash } from '../../test/independentTree.js';
import { growingTree } from './growingTree.js';
import { includedRoot } from './includedRoot.js';

const leavesOf = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, index) => createHash('sha256').update(`leaf ${index}`).digest());

describe('growingTree', () => {
  it('G-07 has the published roots', () => {
    const { inputs, roots } = proofVectors().tree;
    const tree = growingTree();
    expect(tree.root().toString('hex')).toBe(roots[0]);
    for (const [index, input] of inputs.entries()) {
      tree.append(createHash('sha256').update(`00${input}`, 'hex').digest());
      expect([tree.size(), tree.root().toString('hex')]).toEqual([index + 1, roots[index + 1]]);
    }
  });

  it('has the root of the recursive definition at every size', () => {
    const leaves = leavesOf(260);
    const tree = growingTree();
    for (const leaf of leaves) {
      tree.append(leaf);
      expect(tree.root()).toEqual(treeHash(leaves, 0, tree.size()));
    }
  });
});

describe('includedRoot', () => {
  it('is the root for every leaf of every size', () => {
    for (let size = 1; size <= 40; size += 1) {
      const leaves = leavesOf(size);
      const root = treeHash(leaves);
      for (const [index, leaf] of leaves.entries())
        expect(includedRoot(leaf, { index, size, path: auditPath(leaves, index) })).toEqual(root);
    }
  });

  it('is another for another index, size, leaf, or path', () => {
    const cases = fc.integer({ min: 1, max: 70 }).chain((size) =>
      fc.record({
        size: fc.constant(size),
        index: fc.integer({ min: 0, max: size - 1 }),
        other: fc.integer({ min: 0, max: 80 }),
        at: fc.nat(),
      }),
    );
    fc.assert(
      fc.property(cases, ({ size, index, other, at }) => {
        const leaves = leavesOf(size);
        const leaf = leaves[index] as Buffer;
        const path = auditPath(leaves, index);
        const root = treeHash(leaves);
        const shows = (given: { index: number; size: number; path: readonly Buffer[] }, of = leaf): boolean =>
          includedRoot(of, given)?.equals(root) ?? false;
        expect(shows({ index, size, path })).toBe(true);
        expect(shows({ index: other, size, path })).toBe(other === index);
        expect(shows({ index, size, path }, createHash('sha256').digest())).toBe(false);
        expect(shows({ index, size, path: [...path, root] })).toBe(false);
        expect(shows({ index, size, path: path.slice(1) })).toBe(path.length === 0);
        if (path.length > 0) expect(shows({ index, size, path: path.with(at % path.length, root) })).toBe(false);
      }),
    );
  });
});
