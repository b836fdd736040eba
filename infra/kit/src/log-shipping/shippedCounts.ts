/** Numbers of lines, counted by the shipping thread in memory that both threads share, so that they survive its end. */
export interface ShippedCounts {
  add(counted: { indexed: number; refused: number }): void;
  indexed(): number;
  refused(): number;
}

export const countsMemory = (): SharedArrayBuffer => new SharedArrayBuffer(2 * BigInt64Array.BYTES_PER_ELEMENT);

export const shippedCounts = (memory: SharedArrayBuffer): ShippedCounts => {
  const counts = new BigInt64Array(memory);
  return {
    add: ({ indexed, refused }) => {
      Atomics.add(counts, 0, BigInt(indexed));
      Atomics.add(counts, 1, BigInt(refused));
    },
    indexed: () => Number(Atomics.load(counts, 0)),
    refused: () => Number(Atomics.load(counts, 1)),
  };
};
