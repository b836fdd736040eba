import { randomUUID } from 'node:crypto';
import type { UserEvent } from '@ums/contracts/events/user';
import { uploadKey } from '@ums/contracts/pictureKeys';
import type { ObjectStorage } from '@ums/kit/object-storage/objectStorage';
import type { RequestLimit } from '../limits/requestLimit.js';
import { decide } from '../user/decide.js';
import type { UserState } from '../user/userState.js';
import { MAX_PICTURE_BYTES, type PictureUpload } from './pictureUpload.js';

const ROUTE = '/user/picture';

export interface PictureDeps {
  objects: ObjectStorage;
  /** Of the pictures that a user uploads in a day: each costs a decoding. */
  pictureLimit: RequestLimit;
}

/** The part of a change to the user that submits a picture; see `UserChange`. */
export interface SubmittedPicture {
  /** SHA-256 of the upload, in hex: tells a repeat of the request from another one. */
  digest: string;
  decide(state: UserState): UserEvent[];
  beforeAppend(events: readonly UserEvent[]): Promise<void>;
}

/**
 * Submits an upload as the user's picture. It is stored before the event is appended, and only if it will be; the notifier
 * then processes it. What is stored for an append that fails is deleted by `sweepUploads`.
 *
 * `beforeAppend` throws Refused `too-many-attempts` after as many pictures of the user in a day as are allowed, and DependencyUnavailable.
 */
export const submitPicture = (deps: PictureDeps, userId: string, upload: PictureUpload): SubmittedPicture => {
  const pictureId = randomUUID();
  const store = async (): Promise<void> => {
    await deps.pictureLimit.count(ROUTE, userId);
    try {
      await storeUpload(deps.objects, uploadKey(userId, { pictureId, registrationId: null }), upload);
    } catch (error) {
      await deps.pictureLimit.giveBack(ROUTE, userId);
      throw error;
    }
  };
  let stored: Promise<void> | undefined;
  return {
    digest: upload.digest,
    decide: (state) => decide({ type: 'SubmitPicture', pictureId }, state),
    beforeAppend: async (events) => {
      if (!events.some(({ type }) => type === 'ProfilePictureSubmitted')) return;
      // Once, also when the decision is repeated after a conflict.
      stored ??= store();
      await stored;
    },
  };
};

/** @throws DependencyUnavailable */
export const storeUpload = async (objects: ObjectStorage, key: string, upload: PictureUpload): Promise<void> => {
  // The type that the client claims is not stored: nothing may open an upload but the decoder.
  const options = { contentType: 'application/octet-stream', maxBytes: MAX_PICTURE_BYTES };
  await upload.use((content) => objects.put(key, content, options));
};
