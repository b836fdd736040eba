/** A RIFF chunk, padded to an even length (RFC 9649 §2.3). */
export const webpChunk = (name: string, data: Buffer | string): Buffer => {
  const bytes = Buffer.from(data);
  return Buffer.concat([Buffer.from(name), uint(bytes.length, 4), bytes, Buffer.alloc(bytes.length % 2)]);
};

/** A WebP file of these chunks. */
export const webpOf = (...chunks: readonly Buffer[]): Buffer => {
  const body = Buffer.concat([Buffer.from('WEBP'), ...chunks]);
  return Buffer.concat([Buffer.from('RIFF'), uint(body.length, 4), body]);
};

/** Bits of {@link extendedHeader}. */
export const WEBP_FLAGS = { animated: 0x02, xmp: 0x04, exif: 0x08, icc: 0x20 };

export const extendedHeader = (width: number, height: number, flags: number): Buffer =>
  webpChunk('VP8X', Buffer.concat([uint(flags, 4), uint(width - 1, 3), uint(height - 1, 3)]));

/** The header of a lossless picture with nothing behind it. */
export const losslessHeader = (width: number, height: number): Buffer =>
  webpChunk('VP8L', Buffer.concat([Buffer.from([0x2f]), uint(width - 1 + (height - 1) * 2 ** 14, 4)]));

/** The chunks of a WebP file by name, in order. */
export const webpChunks = (file: Uint8Array): { name: string; data: Buffer }[] => {
  const bytes = Buffer.from(file);
  const chunks: { name: string; data: Buffer }[] = [];
  for (let at = 12; at + 8 <= bytes.length; ) {
    const length = bytes.readUInt32LE(at + 4);
    chunks.push({ name: bytes.toString('latin1', at, at + 4), data: bytes.subarray(at + 8, at + 8 + length) });
    at += 8 + length + (length % 2);
  }
  return chunks;
};

/** A simple WebP with metadata in front of and behind its picture. */
export const withMetadata = (
  file: Buffer,
  { width, height, icc, exif, xmp }: { width: number; height: number; icc?: Buffer; exif?: Buffer; xmp?: string },
): Buffer => {
  const picture = webpChunks(file).filter(({ name }) => name.startsWith('VP8') && name !== 'VP8X');
  const flags = (icc ? WEBP_FLAGS.icc : 0) + (exif ? WEBP_FLAGS.exif : 0) + (xmp ? WEBP_FLAGS.xmp : 0);
  return webpOf(
    extendedHeader(width, height, flags),
    ...(icc ? [webpChunk('ICCP', icc)] : []),
    ...picture.map(({ name, data }) => webpChunk(name, data)),
    ...(exif ? [webpChunk('EXIF', exif)] : []),
    ...(xmp ? [webpChunk('XMP ', xmp)] : []),
  );
};

const uint = (value: number, length: 3 | 4): Buffer => {
  const bytes = Buffer.alloc(length);
  bytes.writeUIntLE(value, 0, length);
  return bytes;
};
