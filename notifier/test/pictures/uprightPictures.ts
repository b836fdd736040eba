import { deflateSync } from 'node:zlib';
import sharp from 'sharp';
import { type CorpusFile, good } from './corpusFile.js';
import { CANARY, exif } from './exif.js';
import { flatJpeg } from './flatJpeg.js';
import { exchangedProfile, inProPhoto, proPhotoProfile } from './icc.js';
import { exifSegment, iccSegments, jpegSegment, withSegments, xmpSegment } from './jpegSegments.js';
import { pngChunk, pngData, pngHeader, pngOf } from './png.js';
import { type Colour, colourAt, imageOf, quadrants, type Raw, rawOf, storedQuadrants } from './quadrants.js';
import { withMetadata } from './webp.js';

const WIDTH = 640;
const HEIGHT = 480;
/** Lossy encoding, twice. */
const LOSSY = 12;
/** What a matrix profile with an exponent loses against the curve of sRGB. */
const PROFILE = 14;
const INK = 30;

const jpeg = (raw: Raw): Promise<Buffer> => imageOf(raw).jpeg({ quality: 95, chromaSubsampling: '4:4:4' }).toBuffer();
const exchanged = ([red, green, blue]: Colour): Colour => [blue, green, red];

const oriented = Array.from({ length: 8 }, (_, index) => index + 1).map((orientation) =>
  good(
    `jpeg-orientation-${orientation}`,
    async () => withSegments(await jpeg(storedQuadrants(orientation)), exifSegment(exif({ orientation }))),
    LOSSY,
  ),
);

const pngPixels = (raw: Raw, ...before: readonly Buffer[]): Buffer =>
  pngOf(pngHeader(raw), ...before, pngData(raw.data, raw.width * 3));

const profileChunk = (profile: Buffer): Buffer =>
  pngChunk('iCCP', Buffer.concat([Buffer.from('test\0\0'), deflateSync(profile)]));

const recoloured = (change: (colour: Colour) => Colour): Raw =>
  rawOf(WIDTH, HEIGHT, (x, y) => change(colourAt(x, y, WIDTH, HEIGHT)));
const exchangedQuadrants = (): Raw => recoloured(exchanged);

/** Two bytes a channel. */
const sixteenBit = ({ data }: Raw): Buffer => Buffer.from([...data].flatMap((value) => [value, value]));

/** Ink by ink, as Adobe stores it: inverted. */
const inks = ([red, green, blue]: Colour): number[] => [red, green, blue, 255];

const blocks = { columns: WIDTH / 8, rows: HEIGHT / 8 };
const blockColour = (column: number, row: number): Colour => colourAt(column * 8, row * 8, WIDTH, HEIGHT);

/** The quadrants first, then two frames of something else. */
const animated = async (): Promise<Buffer> => {
  const other = { create: { width: WIDTH, height: HEIGHT, channels: 3 as const, background: '#ff00ff' } };
  const frames = [imageOf(quadrants()), sharp(other), sharp(other)].map((frame) => frame.png().toBuffer());
  return sharp(await Promise.all(frames), { join: { animated: true } })
    .webp({ quality: 95 })
    .toBuffer();
};

/** Pictures that show the quadrants upright when they are decoded right. */
export const uprightPictures: readonly CorpusFile[] = [
  ...oriented,
  good(
    'jpeg-orientation-0',
    async () => withSegments(await jpeg(quadrants()), exifSegment(exif({ orientation: 0 }))),
    LOSSY,
  ),
  good(
    'jpeg-orientation-9',
    async () => withSegments(await jpeg(quadrants()), exifSegment(exif({ orientation: 9 }))),
    LOSSY,
  ),
  good('jpeg-progressive', () => imageOf(quadrants()).jpeg({ quality: 95, progressive: true }).toBuffer(), LOSSY),
  good('jpeg-made-here', () => flatJpeg({ ...blocks, colourOf: blockColour, adobe: 0 }), LOSSY),
  good('jpeg-cmyk', () => imageOf(quadrants()).toColourspace('cmyk').jpeg({ quality: 95 }).toBuffer(), INK),
  good(
    'jpeg-cmyk-with-profile',
    () => imageOf(quadrants()).withIccProfile('cmyk').jpeg({ quality: 95 }).toBuffer(),
    INK,
  ),
  good('jpeg-cmyk-made-here', () => flatJpeg({ ...blocks, colourOf: (x, y) => inks(blockColour(x, y)), adobe: 0 }), 60),
  good('jpeg-p3', () => imageOf(quadrants()).withIccProfile('p3').jpeg({ quality: 95 }).toBuffer(), LOSSY),
  good(
    'jpeg-exchanged-profile',
    async () => withSegments(await jpeg(exchangedQuadrants()), ...iccSegments(exchangedProfile())),
    PROFILE,
  ),
  good(
    'jpeg-gps-xmp-iptc-comment',
    async () =>
      withSegments(
        await jpeg(quadrants()),
        ...[exifSegment(exif({ orientation: 1 })), xmpSegment(`<x:xmpmeta>${CANARY}</x:xmpmeta>`)],
        ...[jpegSegment(0xed, `Photoshop 3.0\0${CANARY}`), jpegSegment(0xfe, CANARY)],
      ),
    LOSSY,
  ),
  good('png', () => pngPixels(quadrants()), LOSSY),
  good('png-interlaced', () => imageOf(quadrants()).png({ progressive: true }).toBuffer(), LOSSY),
  good('png-palette', () => imageOf(quadrants()).png({ palette: true, colours: 8 }).toBuffer(), LOSSY),
  good('png-orientation-6', () => pngPixels(storedQuadrants(6), pngChunk('eXIf', exif({ orientation: 6 }))), LOSSY),
  good(
    'png-16-bit',
    () => pngOf(pngHeader({ ...quadrants(), bitDepth: 16 }), pngData(sixteenBit(quadrants()), WIDTH * 6)),
    LOSSY,
  ),
  good('png-exchanged-profile', () => pngPixels(exchangedQuadrants(), profileChunk(exchangedProfile())), PROFILE),
  good(
    'png-16-bit-exchanged-profile',
    () => {
      const data = pngData(sixteenBit(exchangedQuadrants()), WIDTH * 6);
      return pngOf(pngHeader({ width: WIDTH, height: HEIGHT, bitDepth: 16 }), profileChunk(exchangedProfile()), data);
    },
    PROFILE,
  ),
  good('png-prophoto', () => pngPixels(recoloured(inProPhoto), profileChunk(proPhotoProfile())), PROFILE),
  good('png-16-bit-p3', () => imageOf(quadrants()).toColourspace('rgb16').withIccProfile('p3').png().toBuffer(), LOSSY),
  good('png-text', () => pngPixels(quadrants(), pngChunk('tEXt', `Author\0${CANARY}`)), LOSSY),
  good('webp', () => imageOf(quadrants()).webp({ quality: 95 }).toBuffer(), LOSSY),
  good('webp-lossless', () => imageOf(quadrants()).webp({ lossless: true }).toBuffer(), LOSSY),
  good(
    'webp-orientation-8-with-metadata',
    async () => {
      const stored = storedQuadrants(8);
      const { width, height } = stored;
      const xmp = `<x:xmpmeta>${CANARY}</x:xmpmeta>`;
      return withMetadata(await imageOf(stored).webp({ quality: 95 }).toBuffer(), {
        ...{ width, height, exif: exif({ orientation: 8 }), xmp },
      });
    },
    LOSSY,
  ),
  good(
    'webp-exchanged-profile',
    async () =>
      withMetadata(await imageOf(exchangedQuadrants()).webp({ quality: 95 }).toBuffer(), {
        ...{ width: WIDTH, height: HEIGHT, icc: exchangedProfile() },
      }),
    PROFILE,
  ),
  good('webp-animated', animated, LOSSY),
];
