import { EMPTY_ROOT, nodeHash } from '@ums/contracts/proof/merkle';

/** A hash tree (RFC 6962) that leaves are appended to. */
export interface GrowingTree {
  append(leaf: Buffer): void;
  size(): number;
  root(): Buffer;
}

/** A tree that keeps the roots of its complete subtrees alone: as many hashes as its size has binary ones. */
export const growingTree = (): GrowingTree => {
  /** Largest subtree first. */
  const roots: Buffer[] = [];
  let size = 0;
  return {
    append: (leaf) => {
      let node = leaf;
      for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) node = nodeHash(roots.pop() as Buffer, node);
      roots.push(node);
      size += 1;
    },
    size: () => size,
    root: () => (size === 0 ? EMPTY_ROOT : roots.reduceRight((right, left) => nodeHash(left, right))),
  };
};
