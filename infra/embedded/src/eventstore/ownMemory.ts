/**
 * Copies bytes into an allocation of exactly their size. Use it for small buffers that stay in memory: most buffers are
 * slices of Node's pool or of a network read, and a slice keeps the whole 64 KB in memory.
 */
export const ownMemory = (bytes: Buffer): Buffer => {
  const copy = Buffer.allocUnsafeSlow(bytes.length);
  bytes.copy(copy);
  return copy;
};
