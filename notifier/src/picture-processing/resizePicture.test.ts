import { describe, expect, it } from '@jest/globals';
import { PICTURE_SIZES } from '@ums/contracts/processedPicture';
import sharp from 'sharp';
import { bombs } from '../../test/pictures/bombs.js';
import { CANARY } from '../../test/pictures/exif.js';
import { expectUpright } from '../../test/pictures/expectUpright.js';
import { oddPictures } from '../../test/pictures/oddPictures.js';
import { imageOf, quadrants, rawOf, sampled } from '../../test/pictures/quadrants.js';
import { uprightPictures } from '../../test/pictures/uprightPictures.js';
import { webpChunks } from '../../test/pictures/webp.js';
import type { Squares } from './pictureOutcome.js';
import { resizePicture } from './resizePicture.js';

const squaresOf = async (file: Uint8Array): Promise<Squares> => {
  const outcome = await resizePicture(file);
  if (outcome.kind === 'rejected') throw new Error(`rejected: ${outcome.reason}`);
  return outcome.squares;
};

const named = (name: string) => [...uprightPictures, ...oddPictures].find((file) => file.name === name);
const made = async (name: string): Promise<Buffer> => (await named(name)?.make()) ?? Buffer.alloc(0);

/** Chunks of a WebP file that hold pixels. */
const PIXELS = ['VP8 ', 'VP8L', 'ALPH'];

describe('resizePicture', () => {
  it.each(uprightPictures)('U-04 shows $name upright and in its colours', async ({ make, tolerance = 0 }) => {
    const squares = await squaresOf(await make());
    for (const size of PICTURE_SIZES) {
      const { format, width, height, space, depth } = await sharp(squares[size]).metadata();
      expect({ format, width, height, space, depth }).toEqual({
        ...{ format: 'webp', width: size, height: size, space: 'srgb', depth: 'uchar' },
      });
      await expectUpright(squares[size], tolerance);
    }
  });

  it.each([...uprightPictures, ...oddPictures.filter(({ name }) => name.includes('-with-'))])(
    'U-04 keeps no metadata of $name, and nothing but pixels',
    async ({ make }) => {
      const squares = await squaresOf(await make());
      for (const size of PICTURE_SIZES) {
        const names = webpChunks(squares[size]).map(({ name }) => name);
        expect(names.filter((name) => name !== 'VP8X' && !PIXELS.includes(name))).toEqual([]);
        expect(Buffer.from(squares[size]).includes(CANARY)).toBe(false);
        const length = Buffer.from(squares[size]).readUInt32LE(4) + 8;
        expect(squares[size]).toHaveLength(length);
      }
    },
  );

  it('takes the centre of a picture that is wider or higher than a square', async () => {
    const stripes = (x: number) =>
      (x < 400 ? [200, 0, 0] : x < 800 ? [0, 150, 0] : [0, 0, 200]) as [number, number, number];
    const wide = await imageOf(rawOf(1_200, 400, (x) => stripes(x)))
      .png()
      .toBuffer();
    const high = await imageOf(rawOf(400, 1_200, (_, y) => stripes(y)))
      .png()
      .toBuffer();
    for (const file of [wide, high]) {
      const square = (await squaresOf(file))[512];
      for (const [across, down] of [
        [0.03, 0.03],
        [0.97, 0.97],
        [0.5, 0.5],
      ] as const) {
        const [red, green, blue] = await sampled(square, across, down);
        expect({ red: red < 20, green: green > 130, blue: blue < 20 }).toEqual({ red: true, green: true, blue: true });
      }
    }
  });

  it('enlarges a small picture to each size', async () => {
    const squares = await squaresOf(await imageOf(quadrants(40, 30)).png().toBuffer());
    for (const size of PICTURE_SIZES) await expectUpright(squares[size], 12);
  });

  it('keeps transparency', async () => {
    const squares = await squaresOf(await made('png-transparent'));
    const { data, info } = await sharp(squares[64]).raw().toBuffer({ resolveWithObject: true });
    expect(info.channels).toBe(4);
    expect(data[3]).toBe(0);
  });

  it('shows the first frame of an animation only', async () => {
    const squares = await squaresOf(await made('webp-animated'));
    expect((await sharp(squares[512], { animated: true }).metadata()).pages).toBe(undefined);
  });

  it('U-02 rejects every other file by its content', async () => {
    expect(await resizePicture(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'))).toEqual({
      ...{ kind: 'rejected', reason: 'not-a-picture' },
    });
  });

  it('U-03 rejects a picture of too many pixels before decoding it, and a damaged one', async () => {
    const large = bombs.find(({ name }) => name === 'png-5001x5000');
    expect(await resizePicture((await large?.make()) ?? Buffer.alloc(0))).toEqual({
      ...{ kind: 'rejected', reason: 'too-many-pixels' },
    });
    const cut = (await imageOf(quadrants()).jpeg().toBuffer()).subarray(0, 2_000);
    expect(await resizePicture(cut)).toEqual({ kind: 'rejected', reason: 'damaged' });
  });
});
