import { createHash } from 'node:crypto';

/** What stands for a stream's name in indexes: 128 bits of its SHA-256. */
export const streamKey = (stream: Buffer): Buffer => createHash('sha256').update(stream).digest().subarray(0, 16);
