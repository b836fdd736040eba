import { bad, type CorpusFile, either } from './corpusFile.js';
import { flatJpeg } from './flatJpeg.js';
import { frameStart, JPEG_END, JPEG_START, QUANTIZATION } from './jpegSegments.js';
import { pngChunk, pngData, pngHeader, pngOf, zlibZeros } from './png.js';
import { imageOf, quadrants } from './quadrants.js';
import { extendedHeader, losslessHeader, webpChunk, webpOf } from './webp.js';

type Format = 'jpeg' | 'png' | 'webp';

const encoded = (format: Format): Promise<Buffer> => imageOf(quadrants()).toFormat(format, { quality: 95 }).toBuffer();

const CUTS = [
  ['headers', 0.02],
  ['a-third', 0.33],
  ['two-thirds', 0.67],
  ['nearly-all', 0.97],
] as const;

const truncated = (['jpeg', 'png', 'webp'] as const).flatMap((format) =>
  CUTS.map(([part, share]) =>
    bad('damaged', `${format}-truncated-after-${part}`, async () => {
      const whole = await encoded(format);
      return whole.subarray(0, Math.max(24, Math.floor(whole.length * share)));
    }),
  ),
);

/** Bytes changed at places that a generator with a fixed seed chooses. */
const flipped = (['jpeg', 'png', 'webp'] as const).flatMap((format) =>
  [1, 2, 3].map((seed) =>
    either(`${format}-flipped-${seed}`, async () => {
      const bytes = Buffer.from(await encoded(format));
      let state = seed * 7_919;
      for (let change = 0; change < 20; change += 1) {
        state = (state * 48_271) % 2_147_483_647;
        const at = 30 + (state % (bytes.length - 30));
        bytes.writeUInt8((bytes.readUInt8(at) + 1 + (state % 255)) % 256, at);
      }
      return bytes;
    }),
  ),
);

const raw = quadrants();
const pixels = (): Buffer => pngData(raw.data, raw.width * 3);
const withBadChecksum = (chunk: Buffer): Buffer => Buffer.concat([chunk.subarray(0, -1), Buffer.from([0])]);

/** Files that begin as a picture and are none, or only a part of one. */
export const damagedPictures: readonly CorpusFile[] = [
  ...truncated,
  ...flipped,
  bad('damaged', 'jpeg-start-alone', () => Buffer.from([0xff, 0xd8, 0xff])),
  bad('damaged', 'jpeg-without-picture', () => Buffer.concat([JPEG_START, QUANTIZATION, JPEG_END])),
  bad('damaged', 'jpeg-without-height', () =>
    Buffer.concat([JPEG_START, QUANTIZATION, frameStart(0xc0, 100, 0, 1), JPEG_END]),
  ),
  bad('damaged', 'jpeg-higher-than-the-decoder-takes', () =>
    flatJpeg({ columns: 1, rows: 8_191, colourOf: () => [90] }),
  ),
  bad('damaged', 'jpeg-in-name-only', () => Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.from('<svg/>')])),
  bad('damaged', 'png-signature-alone', () => pngOf().subarray(0, 8)),
  bad('damaged', 'png-empty', () => pngOf()),
  bad('damaged', 'png-without-pixels', () => pngOf(pngHeader(raw))),
  bad('damaged', 'png-of-no-width', () => pngOf(pngHeader({ width: 0, height: 100 }), pixels())),
  bad('damaged', 'png-bad-header-checksum', () => pngOf(withBadChecksum(pngHeader(raw)), pixels())),
  bad('damaged', 'png-7-bit', () => pngOf(pngHeader({ ...raw, bitDepth: 7 }), pixels())),
  bad('damaged', 'png-few-rows', () =>
    pngOf(pngHeader({ width: 4_000, height: 4_000 }), pngChunk('IDAT', zlibZeros(90_000))),
  ),
  bad('damaged', 'png-then-jpeg', async () => Buffer.concat([pngOf().subarray(0, 8), await encoded('jpeg')])),
  bad('damaged', 'png-chunk-of-2-gb', () =>
    Buffer.concat([pngOf(pngHeader(raw)).subarray(0, -12), Buffer.from('\x7f\xff\xff\xffIDAT', 'latin1')]),
  ),
  bad('damaged', 'webp-header-alone', () => webpOf(webpChunk('VP8 ', ''))),
  bad('damaged', 'webp-lossless-without-pixels', () => webpOf(losslessHeader(100, 100))),
  bad('damaged', 'webp-canvas-without-frame', () => webpOf(extendedHeader(100, 100, 0))),
  bad('damaged', 'webp-garbage', () =>
    webpOf(webpChunk('VP8L', Buffer.concat([Buffer.from([0x2f]), Buffer.alloc(2_000, 0xa5)]))),
  ),
];
