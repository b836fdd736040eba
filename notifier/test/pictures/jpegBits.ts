export interface JpegBits {
  write(value: number, count: number): void;
  /** Filled up with ones. */
  bytes(): Buffer;
}

/** Writes entropy-coded data: each 0xff is followed by a zero byte (ITU T.81 B.1.1.5). */
export const jpegBits = (): JpegBits => {
  const bytes: number[] = [];
  let pending = 0;
  let filled = 0;
  const write = (value: number, count: number): void => {
    for (let bit = count - 1; bit >= 0; bit -= 1) {
      pending = pending * 2 + ((value >> bit) & 1);
      filled += 1;
      if (filled < 8) continue;
      bytes.push(pending, ...(pending === 0xff ? [0] : []));
      pending = 0;
      filled = 0;
    }
  };
  return {
    write,
    bytes: () => {
      while (filled > 0) write(1, 1);
      return Buffer.from(bytes);
    },
  };
};
