/** What a test looks for in the squares of a picture: it must be in none of them. */
export const CANARY = 'canary-51.477-north';

interface Entry {
  tag: number;
  /** 2 ASCII, 3 short, 4 long, 5 rational (EXIF 2.32 §4.6.2). */
  type: 2 | 3 | 4 | 5;
  count: number;
  value: Buffer;
}

const short = (tag: number, value: number): Entry => ({ tag, type: 3, count: 1, value: bytesOf(value, 2) });
const long = (tag: number, value: number): Entry => ({ tag, type: 4, count: 1, value: bytesOf(value, 4) });
const ascii = (tag: number, text: string): Entry => ({
  tag,
  type: 2,
  count: text.length + 1,
  value: Buffer.from(`${text}\0`),
});
const degrees = (tag: number, ...parts: readonly number[]): Entry => ({
  tag,
  type: 5,
  count: parts.length,
  value: Buffer.concat(parts.flatMap((part) => [bytesOf(part, 4), bytesOf(1, 4)])),
});

const bytesOf = (value: number, length: 2 | 4): Buffer => {
  const bytes = Buffer.alloc(length);
  bytes.writeUIntBE(value, 0, length);
  return bytes;
};

/** An image file directory that begins at `start`; values that do not fit into an entry follow it. */
const directory = (start: number, entries: readonly Entry[], next = 0): Buffer => {
  const values: Buffer[] = [];
  let free = start + 2 + entries.length * 12 + 4;
  const rows = entries.map(({ tag, type, count, value }) => {
    const head = Buffer.concat([bytesOf(tag, 2), bytesOf(type, 2), bytesOf(count, 4)]);
    if (value.length <= 4) return Buffer.concat([head, value, Buffer.alloc(4 - value.length)]);
    const row = Buffer.concat([head, bytesOf(free, 4)]);
    values.push(value);
    free += value.length;
    return row;
  });
  return Buffer.concat([bytesOf(entries.length, 2), ...rows, bytesOf(next, 4), ...values]);
};

const HEADER = Buffer.from('MM\0*\0\0\0\x08', 'latin1');
const GPS_START = 1_000;

export interface ExifOptions {
  orientation: number;
  /** Offset of the second directory; 8 is the first one, a loop. @default none */
  next?: number;
}

/** An Exif block with an orientation, an author and a place. */
export const exif = ({ orientation, next }: ExifOptions): Buffer => {
  const first = directory(
    HEADER.length,
    [ascii(0x010e, CANARY), short(0x0112, orientation), ascii(0x013b, CANARY), long(0x8825, GPS_START)],
    next,
  );
  const place = directory(GPS_START, [
    ...[ascii(1, 'N'), degrees(2, 51, 28, 38), ascii(3, 'W'), degrees(4, 0, 0, 5), ascii(0x1c, CANARY)],
  ]);
  return Buffer.concat([HEADER, first, Buffer.alloc(GPS_START - HEADER.length - first.length), place]);
};
