import sharp from 'sharp';
import { type CorpusFile, good } from './corpusFile.js';
import { CANARY, exif } from './exif.js';
import { flatJpeg } from './flatJpeg.js';
import { exifSegment, jpegSegment, withSegments } from './jpegSegments.js';
import { pngChunk, pngData, pngHeader, pngOf, uint32, zeroPng } from './png.js';
import { imageOf, quadrants } from './quadrants.js';
import { webpChunk, webpChunks, webpOf } from './webp.js';

const jpeg = (): Promise<Buffer> => imageOf(quadrants()).jpeg().toBuffer();
const png = (...before: readonly Buffer[]): Buffer => {
  const raw = quadrants();
  return pngOf(pngHeader(raw), ...before, pngData(raw.data, raw.width * 3));
};
const flat = (width: number, height: number): Buffer => zeroPng({ width, height, colourType: 0 });
const repeated = (count: number, part: Buffer): Buffer => Buffer.concat(Array<Buffer>(count).fill(part));
const behind = (picture: Buffer, text: string): Buffer => Buffer.concat([picture, Buffer.from(text, 'latin1')]);

const ZIP = `PK\x03\x04${CANARY}PK\x05\x06${'\0'.repeat(18)}`;
const SCRIPT = `<script>alert('${CANARY}')</script>`;

const sizes: readonly CorpusFile[] = [
  good('png-1x1', () => flat(1, 1)),
  good('png-1x20000', () => flat(1, 20_000)),
  good('png-20000x1', () => flat(20_000, 1)),
  good('png-1x25000000', () => flat(1, 25_000_000)),
  good('png-40x40', () => flat(40, 40)),
  good('png-511x513', () => flat(511, 513)),
  good('png-25-million-pixels', () => zeroPng({ width: 5_000, height: 5_000 })),
  good('jpeg-8x8', () => flatJpeg({ columns: 1, rows: 1, colourOf: () => [90, 90, 90] })),
  good('jpeg-8x65496', () => flatJpeg({ columns: 1, rows: 8_187, colourOf: () => [90] })),
  good('webp-16383x1', () =>
    sharp({ create: { width: 16_383, height: 1, channels: 4, background: '#80000080' } })
      .webp()
      .toBuffer(),
  ),
];

const depths: readonly CorpusFile[] = [
  good('jpeg-grey', () => flatJpeg({ columns: 80, rows: 60, colourOf: (x) => [x] })),
  good('jpeg-ycck', () => flatJpeg({ columns: 80, rows: 60, colourOf: (x, y) => [x, y, 128, 200], adobe: 2 })),
  good('jpeg-cmyk-without-adobe', () => flatJpeg({ columns: 80, rows: 60, colourOf: (x, y) => [x, y, 0, 0] })),
  good('png-1-bit', () => zeroPng({ width: 600, height: 600, bitDepth: 1, colourType: 0 })),
  good('png-16-bit-grey-with-alpha', () => zeroPng({ width: 600, height: 600, bitDepth: 16, colourType: 4 })),
  good('png-transparent', () => zeroPng({ width: 600, height: 600, colourType: 6 })),
  good('png-gamma', () => png(pngChunk('gAMA', uint32(100_000)))),
];

/** Files that are something else too; the squares are nothing but pictures. */
const polyglots: readonly CorpusFile[] = [
  good('jpeg-with-zip', async () => behind(await jpeg(), ZIP)),
  good('jpeg-with-html-comment', async () => withSegments(await jpeg(), jpegSegment(0xfe, `--><html>${SCRIPT}`))),
  good('jpeg-with-pdf', async () => withSegments(await jpeg(), jpegSegment(0xfe, `\n%PDF-1.7\n${CANARY}`))),
  good('jpeg-with-second-jpeg', async () => Buffer.concat([await jpeg(), await jpeg()])),
  good('png-with-php', () => png(pngChunk('tEXt', `Comment\0<?php system('${CANARY}'); ?>`))),
  good('png-with-script', () => behind(png(), SCRIPT)),
  good('webp-with-program', async () => behind(await imageOf(quadrants()).webp().toBuffer(), `\x7fELF${CANARY}`)),
  good('webp-with-unknown-chunks', async () => {
    const chunks = webpChunks(await imageOf(quadrants()).webp().toBuffer());
    const unknown = Array.from({ length: 50_000 }, () => webpChunk('JUNK', CANARY));
    return webpOf(...chunks.map(({ name, data }) => webpChunk(name, data)), ...unknown);
  }),
];

/** Metadata that lies, loops or is very large. */
const metadata: readonly CorpusFile[] = [
  good('jpeg-exif-loop', async () => withSegments(await jpeg(), exifSegment(exif({ orientation: 1, next: 8 })))),
  good('jpeg-exif-truncated', async () =>
    withSegments(await jpeg(), exifSegment(exif({ orientation: 6 }).subarray(0, 40))),
  ),
  good('jpeg-exif-garbage', async () => withSegments(await jpeg(), exifSegment(Buffer.alloc(60_000, 0xff)))),
  good('jpeg-70-exif-segments', async () =>
    withSegments(await jpeg(), repeated(70, exifSegment(Buffer.alloc(65_000, 0x2a)))),
  ),
  good('jpeg-100000-comments', async () => withSegments(await jpeg(), repeated(100_000, jpegSegment(0xfe, CANARY)))),
  good('png-200000-texts', () => png(repeated(200_000, pngChunk('tEXt', 'a\0b')))),
  good('png-animated-2-billion-frames', () => png(pngChunk('acTL', Buffer.concat([uint32(0x7fff_ffff), uint32(0)])))),
];

/** Unusual pictures that the decoder must accept. */
export const oddPictures: readonly CorpusFile[] = [...sizes, ...depths, ...polyglots, ...metadata];
