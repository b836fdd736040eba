import type { PictureSize } from './processedPicture.js';
import { UUID_PATTERN } from './uuid.js';

/*
 * Keys of the objects of pictures. A key is made of ids and names no person; the id of a picture is random, so that its links
 * cannot be guessed.
 */

/** The pictures of a user, ready to be shown. */
export const picturePrefix = (userId: string): string => `pictures/${userId}/`;

/** One square of a picture. An object of this key never changes. */
export const pictureKey = (userId: string, pictureId: string, size: PictureSize): string =>
  `${picturePrefix(userId)}${pictureId}/${size}.webp`;

/** The id of the picture that an object under {@link picturePrefix} belongs to. */
export const pictureIdIn = (key: string): string => key.split('/')[2] ?? '';

const UPLOADS = 'uploads/';
const PENDING = 'pending/';

/** Prefixes of all uploads. */
export const UPLOAD_PREFIXES = [UPLOADS, PENDING] as const;

/** The uploads of a user that wait to be processed. */
export const uploadPrefix = (userId: string): string => `${UPLOADS}${userId}/`;

/** The upload that was sent with a registration, which waits to be confirmed and then to be processed. */
export const pendingPrefix = (registrationId: string): string => `${PENDING}${registrationId}/`;

/**
 * Where an upload waits. It has a prefix of its own, so that all its versions can be deleted.
 * @param registrationId of the registration that it was sent with; `null` for an upload of a registered user.
 */
export const uploadKey = (
  userId: string,
  { pictureId, registrationId }: { pictureId: string; registrationId: string | null },
): string => `${registrationId === null ? uploadPrefix(userId) : pendingPrefix(registrationId)}${pictureId}/original`;

/** The prefix of one upload. @param key of it */
export const prefixOfUpload = (key: string): string => key.slice(0, key.lastIndexOf('/') + 1);

export interface UploadKey {
  /** The registration that the upload was sent with, or the user. */
  ownerId: string;
  isOfRegistration: boolean;
  pictureId: string;
}

const UPLOAD_KEY = new RegExp(`^(${UPLOADS}|${PENDING})(${UUID_PATTERN})/(${UUID_PATTERN})/original$`);

/** The parts of an {@link uploadKey}; `undefined` for every other key. */
export const parseUploadKey = (key: string): UploadKey | undefined => {
  const [, prefix, ownerId, pictureId] = UPLOAD_KEY.exec(key) ?? [];
  return ownerId === undefined || pictureId === undefined
    ? undefined
    : { ownerId, isOfRegistration: prefix === PENDING, pictureId };
};
