import { constants, crc32, deflateRawSync, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1');
const MIB = 1_024 * 1_024;

export const pngChunk = (type: string, data: Buffer | string = Buffer.alloc(0)): Buffer => {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), Buffer.from(data)]);
  return Buffer.concat([uint32(body.length - 4), body, uint32(crc32(body))]);
};

export interface PngHeader {
  width: number;
  height: number;
  /** @default 8 */
  bitDepth?: number;
  /** 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha. @default 2 */
  colourType?: number;
  /** Adam7. @default false */
  interlaced?: boolean;
}

export const pngHeader = ({ width, height, bitDepth = 8, colourType = 2, interlaced = false }: PngHeader): Buffer =>
  pngChunk(
    'IHDR',
    Buffer.concat([uint32(width), uint32(height), Buffer.from([bitDepth, colourType, 0, 0, interlaced ? 1 : 0])]),
  );

/** A PNG of these chunks, which begin with `pngHeader`. */
export const pngOf = (...chunks: readonly Buffer[]): Buffer => Buffer.concat([SIGNATURE, ...chunks, pngChunk('IEND')]);

/** The chunk of a picture's bytes, row by row, without a filter. */
export const pngData = (pixels: Buffer, bytesPerRow: number): Buffer => {
  const rows: Buffer[] = [];
  for (let at = 0; at < pixels.length; at += bytesPerRow)
    rows.push(Buffer.alloc(1), pixels.subarray(at, at + bytesPerRow));
  return pngChunk('IDAT', deflateSync(Buffer.concat(rows)));
};

/** A PNG whose bytes are all zero, made without holding them. */
export const zeroPng = (header: PngHeader, ...before: readonly Buffer[]): Buffer => {
  const { width, height, bitDepth = 8, colourType = 2 } = header;
  const channels = [1, 0, 3, 1, 2, 0, 4][colourType] ?? 0;
  const bytesPerRow = Math.ceil((width * bitDepth * channels) / 8) + 1;
  // Adam7 has more rows than this, at most one byte each and a row of padding in each of seven passes.
  const bytes = header.interlaced ? interlacedBytes(width, height, bitDepth * channels) : bytesPerRow * height;
  return pngOf(pngHeader(header), ...before, pngChunk('IDAT', zlibZeros(bytes)));
};

const PASSES = [
  ...[
    [0, 0, 8, 8],
    [4, 0, 8, 8],
    [0, 4, 4, 8],
    [2, 0, 4, 4],
  ],
  ...[
    [0, 2, 2, 4],
    [1, 0, 2, 2],
    [0, 1, 1, 2],
  ],
] as [number, number, number, number][];

const interlacedBytes = (width: number, height: number, bitsPerPixel: number): number =>
  PASSES.reduce((sum, [left, top, stepX, stepY]) => {
    const columns = Math.ceil((width - left) / stepX);
    const rows = Math.ceil((height - top) / stepY);
    return columns > 0 && rows > 0 ? sum + rows * (Math.ceil((columns * bitsPerPixel) / 8) + 1) : sum;
  }, 0);

/** A zlib stream (RFC 1950) of zeros. A thousandth of their number, and made as fast, because its middle is repeated. */
export const zlibZeros = (length: number): Buffer => {
  const repeats = Math.floor(length / MIB);
  const repeated = deflateRawSync(Buffer.alloc(MIB), { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  const rest = deflateRawSync(Buffer.alloc(length % MIB), { level: 9 });
  // Adler-32 of zeros: the sum of bytes is 1, the sum of sums their number.
  const checksum = uint32((length % 65_521) * 65_536 + 1);
  return Buffer.concat([Buffer.from([0x78, 0xda]), ...Array<Buffer>(repeats).fill(repeated), rest, checksum]);
};

export const uint32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};
