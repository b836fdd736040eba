const LENGTH_DELIMITED = 2;

/**
 * Writes one protobuf message from its end to its start, so fields are passed in reverse order. A nested message is
 * complete when its length is written: sizes need no separate pass, and nothing is copied twice.
 * @param capacity bytes; must suffice for the whole message.
 */
export const protobufWriter = (capacity: number) => {
  const buffer = Buffer.allocUnsafe(capacity);
  let start = capacity;

  const writeNumber = (value: number) => {
    let size = 1;
    for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
    start -= size;
    let rest = value;
    for (let offset = start; offset < start + size - 1; offset += 1) {
      buffer[offset] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    buffer[start + size - 1] = rest;
  };

  const writeBigint = (value: bigint) => {
    const septets: number[] = [];
    for (let rest = BigInt.asUintN(64, value); ; rest >>= 7n) {
      const more = rest > 127n;
      septets.push(Number(rest & 127n) | (more ? 128 : 0));
      if (!more) break;
    }
    start -= septets.length;
    buffer.set(septets, start);
  };

  return {
    /** A varint field; negative values as 64-bit two's complement. */
    varint(field: number, value: bigint): void {
      if (value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER)) writeNumber(Number(value));
      else writeBigint(value);
      writeNumber(field * 8);
    },
    /** A bytes, string or message field whose value is already encoded. */
    bytes(field: number, value: Buffer): void {
      start -= value.length;
      value.copy(buffer, start);
      writeNumber(value.length);
      writeNumber(field * 8 + LENGTH_DELIMITED);
    },
    /** A message field; `write` writes its content. */
    message(field: number, write: () => void): void {
      const end = start;
      write();
      writeNumber(end - start);
      writeNumber(field * 8 + LENGTH_DELIMITED);
    },
    finish: (): Buffer => buffer.subarray(start),
  };
};
