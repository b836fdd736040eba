import { createHash } from 'node:crypto';

const NODE = Buffer.of(1);

/** The root of the tree without leaves (RFC 6962 §2.1). */
export const EMPTY_ROOT: Buffer = createHash('sha256').digest();

/** The hash of a node above two others: SHA-256 of a byte 1 and both (RFC 6962 §2.1). */
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  createHash('sha256').update(NODE).update(left).update(right).digest();
