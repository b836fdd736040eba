const uint16 = (value: number): Buffer => Buffer.from([value >> 8, value & 0xff]);

export const JPEG_START = Buffer.from([0xff, 0xd8]);
export const JPEG_END = Buffer.from([0xff, 0xd9]);

/** A marker, the length and the data. */
export const jpegSegment = (marker: number, data: Buffer | string): Buffer => {
  const bytes = Buffer.from(data);
  return Buffer.concat([Buffer.from([0xff, marker]), uint16(bytes.length + 2), bytes]);
};

/** The JPEG with segments in front of its own. */
export const withSegments = (jpeg: Buffer, ...segments: readonly Buffer[]): Buffer =>
  Buffer.concat([jpeg.subarray(0, 2), ...segments, jpeg.subarray(2)]);

export const exifSegment = (exif: Buffer): Buffer => jpegSegment(0xe1, Buffer.concat([Buffer.from('Exif\0\0'), exif]));

export const xmpSegment = (xmp: string): Buffer => jpegSegment(0xe1, `http://ns.adobe.com/xap/1.0/\0${xmp}`);

/** A profile in as many segments as it needs (ICC.1 B.4). */
export const iccSegments = (profile: Buffer, bytesPerSegment = 60_000): Buffer[] => {
  const count = Math.ceil(profile.length / bytesPerSegment);
  return Array.from({ length: count }, (_, index) => {
    const part = profile.subarray(index * bytesPerSegment, (index + 1) * bytesPerSegment);
    return jpegSegment(0xe2, Buffer.concat([Buffer.from('ICC_PROFILE\0'), Buffer.from([index + 1, count]), part]));
  });
};

/** All steps are 8, so that the DC coefficient of a flat block is its value less 128. */
export const QUANTIZATION = jpegSegment(0xdb, Buffer.concat([Buffer.from([0]), Buffer.alloc(64, 8)]));

/** Start of frame, without subsampling. 0xc0 is baseline, 0xc2 progressive. */
export const frameStart = (marker: number, width: number, height: number, components: number): Buffer => {
  const each = Array.from({ length: components }, (_, index) => [index + 1, 0x11, 0]);
  return jpegSegment(marker, Buffer.from([8, ...uint16(height), ...uint16(width), components, ...each.flat()]));
};

/** Start of scan of all components, for coefficients `from` to `to`. */
export const scanStart = (components: number, from: number, to: number, approximation: number): Buffer => {
  const each = Array.from({ length: components }, (_, index) => [index + 1, 0x00]);
  return jpegSegment(0xda, Buffer.from([components, ...each.flat(), from, to, approximation]));
};

/** Huffman codes that all have the same length, in the order of their symbols (ITU T.81 B.2.4.2). */
export const codes = (kind: 'DC' | 'AC', bits: number, symbols: readonly number[]): Buffer => {
  const counts = Array.from({ length: 16 }, (_, index) => (index === bits - 1 ? symbols.length : 0));
  return jpegSegment(0xc4, Buffer.from([kind === 'DC' ? 0x00 : 0x10, ...counts, ...symbols]));
};
