import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { bad, type CorpusFile, either, good, slow } from './corpusFile.js';
import { exif } from './exif.js';
import { flatJpeg } from './flatJpeg.js';
import {
  frameStart,
  iccSegments,
  JPEG_END,
  JPEG_START,
  QUANTIZATION,
  scanStart,
  withSegments,
} from './jpegSegments.js';
import { pngChunk, pngData, pngHeader, pngOf, zeroPng, zlibZeros } from './png.js';
import { imageOf, quadrants } from './quadrants.js';
import { scanBomb } from './scanBomb.js';
import { extendedHeader, losslessHeader, WEBP_FLAGS, webpChunk, webpOf } from './webp.js';

/** As many zeros as 5 MB can be inflated to. */
const MOST_ZEROS = 4_500 * 1_024 * 1_024;

const png = (...before: readonly Buffer[]): Buffer => {
  const raw = quadrants();
  return pngOf(pngHeader(raw), ...before, pngData(raw.data, raw.width * 3));
};
const jpegHeader = (marker: number, width: number, height: number, components: number): Buffer =>
  Buffer.concat([
    ...[JPEG_START, QUANTIZATION, frameStart(marker, width, height, components)],
    ...[scanStart(components, 0, 63, 0), JPEG_END],
  ]);

const tooManyPixels: readonly CorpusFile[] = [
  bad('too-many-pixels', 'png-1-bit-30000x30000', () =>
    zeroPng({ width: 30_000, height: 30_000, bitDepth: 1, colourType: 0 }),
  ),
  bad('too-many-pixels', 'png-16000x16000', () => zeroPng({ width: 16_000, height: 16_000, colourType: 0 })),
  bad('too-many-pixels', 'png-5001x5000', () => zeroPng({ width: 5_001, height: 5_000 })),
  bad('too-many-pixels', 'png-50-million-16-bit', () =>
    zeroPng({ width: 10_000, height: 5_000, bitDepth: 16, colourType: 6, interlaced: true }),
  ),
  bad('too-many-pixels', 'png-header-200000x200000', () =>
    pngOf(pngHeader({ width: 200_000, height: 200_000 }), pngChunk('IDAT', zlibZeros(1_000))),
  ),
  either('png-header-2147483647x2147483647', () =>
    pngOf(pngHeader({ width: 2 ** 31 - 1, height: 2 ** 31 - 1 }), pngChunk('IDAT', zlibZeros(1_000))),
  ),
  bad('too-many-pixels', 'jpeg-header-65500x65500', () => jpegHeader(0xc0, 65_500, 65_500, 3)),
  bad('too-many-pixels', 'jpeg-progressive-header-65500x65500', () => jpegHeader(0xc2, 65_500, 65_500, 4)),
  bad('too-many-pixels', 'jpeg-8000x8000', () => flatJpeg({ columns: 1_000, rows: 1_000, colourOf: () => [90] })),
  bad('too-many-pixels', 'webp-header-16383x16383', () => webpOf(losslessHeader(16_383, 16_383))),
  bad('damaged', 'webp-canvas-65536x65535', () => webpOf(extendedHeader(65_536, 65_535, 0), losslessHeader(100, 100))),
  bad('damaged', 'webp-animated-canvas-16384x16384', () =>
    webpOf(extendedHeader(16_384, 16_384, WEBP_FLAGS.animated), webpChunk('ANIM', Buffer.alloc(6))),
  ),
];

/** Few enough pixels, and as much work as a file of this size can ask for. */
const work: readonly CorpusFile[] = [
  good('png-25-million-16-bit-interlaced-turned', () =>
    zeroPng(
      { width: 5_000, height: 5_000, bitDepth: 16, colourType: 6, interlaced: true },
      pngChunk('eXIf', exif({ orientation: 6 })),
    ),
  ),
  good('jpeg-25-million-cmyk', () =>
    flatJpeg({ columns: 625, rows: 625, colourOf: (x, y) => [x % 256, y % 256, 0, 90] }),
  ),
  good('jpeg-90-scans', () => scanBomb(5_000, 5_000, 90)),
  slow('jpeg-880-scans', () => scanBomb(5_000, 5_000, 880)),
  good('webp-25-million-lossless', () =>
    sharp({ create: { width: 5_000, height: 5_000, channels: 4, background: '#12345678' } })
      .webp({ lossless: true, effort: 0 })
      .toBuffer(),
  ),
  good('webp-animated-300-frames', () => framesOf(300)),
];

/** Small pictures with something in them that inflates. */
const inflated: readonly CorpusFile[] = [
  either('png-zeros-behind-its-last-row', () => pngOf(pngHeader(quadrants()), pngChunk('IDAT', zlibZeros(MOST_ZEROS)))),
  either('png-profile-of-zeros', () => png(profileChunk(zlibZeros(MOST_ZEROS)))),
  either('png-profile-of-50-mb', () => png(profileChunk(zlibZeros(50 * 1_024 * 1_024)))),
  either('png-ztxt-of-zeros', () =>
    png(pngChunk('zTXt', Buffer.concat([Buffer.from('a\0\0'), zlibZeros(MOST_ZEROS)]))),
  ),
  either('png-itxt-of-zeros', () =>
    png(pngChunk('iTXt', Buffer.concat([Buffer.from('XML:com.adobe.xmp\0\x01\0\0\0'), zlibZeros(MOST_ZEROS)]))),
  ),
  either('png-profile-of-text', () => png(profileChunk(deflateSync('no profile')))),
  either('jpeg-profile-of-4-mb', async () =>
    withSegments(await imageOf(quadrants()).jpeg().toBuffer(), ...iccSegments(Buffer.alloc(4_000_000, 0x41), 65_000)),
  ),
];

/** A chunk that holds a profile, given as a zlib stream. */
const profileChunk = (stream: Buffer): Buffer => pngChunk('iCCP', Buffer.concat([Buffer.from('test\0\0'), stream]));

/** Frames of one colour each, which fit into a small file and would need much memory together. */
const framesOf = async (count: number): Promise<Buffer> => {
  const size = { width: 1_000, height: 1_000, channels: 3 as const };
  const still = await sharp({ create: { ...size, background: '#336699' } })
    .webp({ lossless: true, effort: 0 })
    .toBuffer();
  const picture = still.subarray(12);
  const frame = Buffer.alloc(16);
  frame.writeUIntLE(size.width - 1, 6, 3);
  frame.writeUIntLE(size.height - 1, 9, 3);
  frame.writeUIntLE(100, 12, 3);
  return webpOf(
    extendedHeader(size.width, size.height, WEBP_FLAGS.animated),
    webpChunk('ANIM', Buffer.alloc(6)),
    ...Array<Buffer>(count).fill(webpChunk('ANMF', Buffer.concat([frame, picture]))),
  );
};

/** Files that are far smaller than what they ask the decoder to do. */
export const bombs: readonly CorpusFile[] = [...tooManyPixels, ...work, ...inflated];
