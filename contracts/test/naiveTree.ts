import { createHash } from 'node:crypto';

/** The tree of RFC 6962, 2.1, word for word: an oracle that shares no code with the sources. */
export const naiveRoot = (leaves: readonly Buffer[]): Buffer => {
  const [first] = leaves;
  if (first === undefined) return sha256();
  if (leaves.length === 1) return first;
  const k = largestPowerBelow(leaves.length);
  return sha256(Buffer.of(1), naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)));
};

/** PATH(m, D[n]) of RFC 6962, 2.1.1. */
export const naiveInclusion = (m: number, leaves: readonly Buffer[]): Buffer[] => {
  if (leaves.length === 1) return [];
  const k = largestPowerBelow(leaves.length);
  return m < k
    ? [...naiveInclusion(m, leaves.slice(0, k)), naiveRoot(leaves.slice(k))]
    : [...naiveInclusion(m - k, leaves.slice(k)), naiveRoot(leaves.slice(0, k))];
};

/** PROOF(m, D[n]) of RFC 6962, 2.1.2. */
export const naiveConsistency = (m: number, leaves: readonly Buffer[]): Buffer[] => subProof(m, leaves, true);

const subProof = (m: number, leaves: readonly Buffer[], isWhole: boolean): Buffer[] => {
  if (m === leaves.length) return isWhole ? [] : [naiveRoot(leaves)];
  const k = largestPowerBelow(leaves.length);
  return m <= k
    ? [...subProof(m, leaves.slice(0, k), isWhole), naiveRoot(leaves.slice(k))]
    : [...subProof(m - k, leaves.slice(k), false), naiveRoot(leaves.slice(0, k))];
};

/** Hashes of leaves that differ. */
export const leavesOf = (count: number): Buffer[] =>
  Array.from({ length: count }, (_, index) => sha256(Buffer.from(`leaf ${index}`)));

const largestPowerBelow = (n: number): number => 2 ** (n - 1).toString(2).length / 2;

const sha256 = (...parts: readonly Buffer[]): Buffer =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
