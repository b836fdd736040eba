import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { proofVectors } from '../../test/proofVectors.js';
import { EMPTY_ROOT, nodeHash } from './merkle.js';

/** The tree hash as RFC 6962 §2.1 defines it. */
const treeHash = (leaves: readonly Buffer[]): Buffer => {
  const [first] = leaves;
  if (first === undefined) return EMPTY_ROOT;
  if (leaves.length === 1) return first;
  const left = 2 ** Math.ceil(Math.log2(leaves.length) - 1);
  return nodeHash(treeHash(leaves.slice(0, left)), treeHash(leaves.slice(left)));
};

describe('nodeHash', () => {
  const { inputs, roots } = proofVectors().tree;

  it.each(roots.map((root, size) => ({ root, size })))('makes the published root of $size leaves', ({ root, size }) => {
    const leaves = inputs.slice(0, size).map((input) => createHash('sha256').update(`00${input}`, 'hex').digest());
    expect(treeHash(leaves).toString('hex')).toBe(root);
  });

  it('depends on the order of its children', () => {
    const [a, b] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    expect(nodeHash(a, b)).not.toEqual(nodeHash(b, a));
  });
});
