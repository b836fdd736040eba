import { randomUUID } from 'node:crypto';
import type { UserEvent } from '@ums/contracts/events/user';
import { prefixOfUpload, uploadKey } from '@ums/contracts/pictureKeys';
import type { RequestLimit } from '@ums/identity/limits/requestLimit';
import type { Clock } from '@ums/kit/clock';
import type { Log } from '@ums/kit/log';
import type { ObjectStorage } from '@ums/kit/object-storage/objectStorage';
import { Refused } from '@ums/kit/refused';
import type pg from 'pg';
import { noteUploadStart } from '../account/uploadStart.js';
import { decide } from '../user/decide.js';
import type { UserState } from '../user/userState.js';
import { MAX_PICTURE_BYTES, type PictureUpload } from './pictureUpload.js';

const ROUTE = '/user/picture';

export interface PictureDeps {
  vault: pg.Pool;
  clock: Clock;
  log: Log;
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
  /** Deletes what `beforeAppend` stored, and counts it no more. Only if it is known that no event was appended which names it. */
  takeBack(): Promise<void>;
}

/**
 * Submits an upload as the user's picture. It is stored before the event is appended, and only if it will be; the notifier
 * then processes it. What is stored for an append with an unknown outcome is deleted by `sweepUploads`, if it was not appended.
 *
 * `beforeAppend` throws Refused `too-many-pictures` after as many pictures of the user in a day as are allowed, `not-found` for
 * an erased user, and DependencyUnavailable. `takeBack` logs its failures, because `sweepUploads` repeats it.
 */
export const submitPicture = (deps: PictureDeps, userId: string, upload: PictureUpload): SubmittedPicture => {
  const pictureId = randomUUID();
  const key = uploadKey(userId, { pictureId, registrationId: null });
  let isStored = false;
  const store = async (): Promise<void> => {
    await deps.pictureLimit.count(ROUTE, userId);
    try {
      const isNoted = await noteUploadStart(deps.vault, userId, { pictureId, at: deps.clock.now() });
      if (!isNoted) throw new Refused('not-found');
      await storeUpload(deps.objects, key, upload);
      isStored = true;
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
    takeBack: async () => {
      if (!isStored) return;
      try {
        await deps.objects.deleteAll(prefixOfUpload(key));
      } catch (error) {
        deps.log.warn('upload not deleted', { error });
      }
      await deps.pictureLimit.giveBack(ROUTE, userId);
    },
  };
};

/** @throws DependencyUnavailable */
export const storeUpload = async (objects: ObjectStorage, key: string, upload: PictureUpload): Promise<void> => {
  // The type that the client claims is not stored: nothing may open an upload but the decoder.
  const options = { contentType: 'application/octet-stream', maxBytes: MAX_PICTURE_BYTES };
  await upload.use((content) => objects.put(key, content, options));
};
