const BYTES = 2;

/**
 * Writes one protobuf message from its end to its start: a nested message is complete before its length is due, so
 * nothing is measured beforehand and nothing is copied twice. Fields are given in reverse order.
 */
export function protobufWriter(capacity: number) {
  const buffer = Buffer.allocUnsafe(capacity);
  let at = capacity;

  const small = (value: number) => {
    let size = 1;
    for (let rest = value; rest >= 128; rest = Math.floor(rest / 128)) size += 1;
    at -= size;
    let rest = value;
    for (let offset = at; offset < at + size - 1; offset += 1) {
      buffer[offset] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    buffer[at + size - 1] = rest;
  };

  const large = (value: bigint) => {
    const septets: number[] = [];
    for (let rest = BigInt.asUintN(64, value); ; rest >>= 7n) {
      const more = rest > 127n;
      septets.push(Number(rest & 127n) | (more ? 128 : 0));
      if (!more) break;
    }
    at -= septets.length;
    buffer.set(septets, at);
  };

  return {
    /** A varint field; negative values as 64-bit two's complement. */
    varint(field: number, value: bigint): void {
      if (value >= 0n && value <= BigInt(Number.MAX_SAFE_INTEGER)) small(Number(value));
      else large(value);
      small(field * 8);
    },
    /** A bytes, string or message field that is already encoded. */
    bytes(field: number, value: Buffer): void {
      at -= value.length;
      value.copy(buffer, at);
      small(value.length);
      small(field * 8 + BYTES);
    },
    /** A message field: what `write` writes is its content. */
    message(field: number, write: () => void): void {
      const end = at;
      write();
      small(end - at);
      small(field * 8 + BYTES);
    },
    finish: (): Buffer => buffer.subarray(at),
  };
}
