import { nodeHash } from '@ums/contracts/proof/merkle';

/**
 * The root that a leaf has by its inclusion proof (RFC 9162 §2.1.3.2). It equals the root of the tree only if the leaf is in it at
 * this index.
 *
 * @param path lowest hash first
 * @returns `undefined` for a path that is not as long as one of this index and size.
 */
export const includedRoot = (
  leaf: Buffer,
  { index, size, path }: { index: number; size: number; path: readonly Buffer[] },
): Buffer | undefined => {
  if (index >= size) return undefined;
  let node = leaf;
  let position = index;
  let last = size - 1;
  for (const sibling of path) {
    if (last === 0) return undefined;
    if (position % 2 === 1 || position === last) {
      node = nodeHash(sibling, node);
      // A last node without sibling is its parent.
      while (position % 2 === 0 && position !== 0) {
        position /= 2;
        last = Math.floor(last / 2);
      }
    } else node = nodeHash(node, sibling);
    position = Math.floor(position / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? node : undefined;
};
