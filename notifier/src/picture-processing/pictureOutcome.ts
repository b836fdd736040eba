import { pictureFormat } from '@ums/contracts/pictureFormat';
import {
  PICTURE_REJECTIONS,
  PICTURE_SIZES,
  type PictureRejection,
  type PictureSize,
} from '@ums/contracts/processedPicture';

/** The squares made of a picture by the length of their edge in pixels, each a WebP file. */
export type Squares = Readonly<Record<PictureSize, Uint8Array>>;

/** What became of a picture. Neither kind is an error: every file that a user uploads has one of them. */
export type PictureOutcome = { kind: 'processed'; squares: Squares } | { kind: 'rejected'; reason: PictureRejection };

/**
 * Whether a value is an outcome, and its squares are WebP files. The process that made it has decoded bytes that a
 * user uploaded, so it may have been taken over, and the squares are served from our host.
 */
export const isPictureOutcome = (value: unknown): value is PictureOutcome => {
  const { kind, reason, squares } = (value ?? {}) as Record<string, unknown>;
  if (kind === 'rejected') return PICTURE_REJECTIONS.includes(reason as PictureRejection);
  return kind === 'processed' && PICTURE_SIZES.every((size) => isWebp((squares as Record<number, unknown>)?.[size]));
};

const isWebp = (value: unknown): boolean => value instanceof Uint8Array && pictureFormat(value) === 'webp';
