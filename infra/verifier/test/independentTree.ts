import { createHash } from 'node:crypto';

const sha256 = (...parts: readonly (string | Buffer)[]): Buffer => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

/** JSON with sorted members, for events whose names are ASCII. Independent of `contracts`. */
const sortedJson = (value: unknown): string =>
  JSON.stringify(value, (_, member) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );

export const leafOfEvent = (event: object): Buffer => sha256('\0', sortedJson(event));

/** Size of the left subtree: the largest power of two below the size. */
const leftOf = (size: number): number => {
  let left = 1;
  while (left * 2 < size) left *= 2;
  return left;
};

/** MTH of RFC 6962 §2.1, as it is defined. */
export const treeHash = (leaves: readonly Buffer[], from = 0, to = leaves.length): Buffer => {
  if (to === from) return sha256();
  if (to - from === 1) return leaves[from] as Buffer;
  const middle = from + leftOf(to - from);
  return sha256('\x01', treeHash(leaves, from, middle), treeHash(leaves, middle, to));
};

/** PATH of RFC 6962 §2.1.1, as it is defined; lowest hash first. */
export const auditPath = (leaves: readonly Buffer[], index: number, from = 0, to = leaves.length): Buffer[] => {
  if (to - from <= 1) return [];
  const middle = from + leftOf(to - from);
  return index < middle
    ? [...auditPath(leaves, index, from, middle), treeHash(leaves, middle, to)]
    : [...auditPath(leaves, index, middle, to), treeHash(leaves, from, middle)];
};
