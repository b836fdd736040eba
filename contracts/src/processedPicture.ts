/** Edges in pixels of the three squares that are made of a picture, largest first. */
export const PICTURE_SIZES = [512, 256, 64] as const;

export type PictureSize = (typeof PICTURE_SIZES)[number];

/** What a browser is told about a square: it is shown, never run as anything else. */
export const SQUARE_AS = { contentType: 'image/webp', disposition: 'inline; filename="picture.webp"' } as const;

/**
 * Why nothing was made of a picture:
 * - `not-a-picture`: its content is neither JPEG, PNG nor WebP;
 * - `damaged`: the decoder refuses it, for example because it is truncated;
 * - `too-many-pixels`: more than 25 million;
 * - `time-limit`, `memory-limit`: decoding it takes more than the service grants;
 * - `decoder-crashed`: the decoder crashes on it;
 * - `upload-lost`: the object storage has lost it.
 */
export const PICTURE_REJECTIONS = [
  ...(['not-a-picture', 'damaged', 'too-many-pixels'] as const),
  ...(['time-limit', 'memory-limit', 'decoder-crashed', 'upload-lost'] as const),
];

export type PictureRejection = (typeof PICTURE_REJECTIONS)[number];
