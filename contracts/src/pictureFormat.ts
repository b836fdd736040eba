/** The formats of picture that a user may upload. */
export type PictureFormat = 'jpeg' | 'png' | 'webp';

/** How many bytes from the beginning of a file {@link pictureFormat} needs. */
export const PICTURE_START_BYTES = 16;

/** Start of image, and the first byte of the marker that must follow it (ITU T.81 B.1.1). */
const JPEG = Buffer.from([0xff, 0xd8, 0xff]);
const PNG = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** RFC 9649 §2.4: RIFF, the size in four bytes, WEBP, and one of three chunks. */
const WEBP = /^RIFF[\s\S]{4}WEBPVP8[ LX]/;

/**
 * The format of a picture by its first bytes, whatever its name or declared type says (U-02). Only the decoder can tell
 * whether the rest of the file is a picture too.
 *
 * @param start the file, or at least its first {@link PICTURE_START_BYTES}.
 * @returns `undefined` for every other kind of file.
 */
export const pictureFormat = (start: Uint8Array): PictureFormat | undefined => {
  const head = Buffer.from(start.subarray(0, PICTURE_START_BYTES));
  if (head.subarray(0, JPEG.length).equals(JPEG)) return 'jpeg';
  if (head.subarray(0, PNG.length).equals(PNG)) return 'png';
  return WEBP.test(head.toString('latin1')) ? 'webp' : undefined;
};
