import type { PictureSize } from './processedPicture.js';

/*
 * Keys of the objects of pictures. A key is made of ids and names no person; the id of a picture is random, so that its links
 * cannot be guessed.
 */

/** The pictures of a user, ready to be shown. */
export const picturePrefix = (userId: string): string => `pictures/${userId}/`;

/** One square of a picture. An object of this key never changes. */
export const pictureKey = (userId: string, pictureId: string, size: PictureSize): string =>
  `${picturePrefix(userId)}${pictureId}/${size}.webp`;

/** The uploads of a user that wait to be processed. */
export const uploadPrefix = (userId: string): string => `uploads/${userId}/`;

/** The upload that was sent with a registration, which waits to be confirmed and then to be processed. */
export const pendingPrefix = (registrationId: string): string => `pending/${registrationId}/`;

/**
 * Where an upload waits.
 * @param registrationId of the registration that it was sent with; `null` for an upload of a registered user.
 */
export const uploadKey = (
  userId: string,
  { pictureId, registrationId }: { pictureId: string; registrationId: string | null },
): string => (registrationId === null ? uploadPrefix(userId) : pendingPrefix(registrationId)) + pictureId;
