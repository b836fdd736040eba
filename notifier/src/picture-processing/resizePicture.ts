import { pictureFormat } from '@ums/contracts/pictureFormat';
import { PICTURE_SIZES, type PictureRejection } from '@ums/contracts/processedPicture';
import sharp, { type Metadata, type SharpOptions } from 'sharp';
import type { PictureOutcome, Squares } from './pictureOutcome.js';

const MAX_PIXELS = 25_000_000;
const LARGEST = PICTURE_SIZES[0];
const QUALITY = 82;

// One thread and no cache of operations: both cost memory, and the process is in no hurry (lovell/sharp #955).
sharp.concurrency(1);
sharp.cache(false);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: ['VipsForeignLoadJpegBuffer', 'VipsForeignLoadPngBuffer', 'VipsForeignLoadWebpBuffer'],
});

/** A truncated or inconsistent file is an error. Only the first frame of an animation is read. */
const INPUT: SharpOptions = { failOn: 'error', pages: 1 };

/**
 * Makes the squares of a picture: its centre, upright, in sRGB, without any of its metadata. A picture smaller than a square
 * is enlarged to it. Decodes the picture once. May take long and much memory, so it runs in a process of its own.
 */
export const resizePicture = async (bytes: Uint8Array): Promise<PictureOutcome> => {
  const format = pictureFormat(bytes);
  if (format === undefined) return rejected('not-a-picture');
  try {
    const header = await sharp(bytes, { ...INPUT, limitInputPixels: false }).metadata();
    if (header.format !== format) return rejected('damaged');
    if (header.width * header.height > MAX_PIXELS) return rejected('too-many-pixels');
    return { kind: 'processed', squares: await squaresOf(bytes, becomesWide(header)) };
  } catch {
    // The decoder's messages quote the file, so none of them goes anywhere.
    return rejected('damaged');
  }
};

const rejected = (reason: PictureRejection): PictureOutcome => ({ kind: 'rejected', reason });

/** sharp converts from the profile of a picture to sRGB, but to its wider profile `p3` if the picture has 16 bits a channel. */
const becomesWide = ({ space, hasProfile }: Metadata): boolean => space === 'rgb16' && hasProfile;

const squaresOf = async (bytes: Uint8Array, isWide: boolean): Promise<Squares> => {
  // Enlarging waits until the picture is cropped: a picture one pixel wide would exceed the coordinates of libvips.
  const cropped = sharp(bytes, { ...INPUT, limitInputPixels: MAX_PIXELS, autoOrient: true }).resize(LARGEST, LARGEST, {
    withoutEnlargement: true,
  });
  const { data, info } = await (isWide ? cropped.withIccProfile('srgb', { attach: false }) : cropped)
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  const entries: [number, Uint8Array][] = [];
  for (const size of PICTURE_SIZES) {
    const square = sharp(data, { raw: { width, height, channels } }).resize(size, size).webp({ quality: QUALITY });
    entries.push([size, await square.toBuffer()]);
  }
  return Object.fromEntries(entries) as Squares;
};
