import { pictureIdIn, picturePrefix, uploadPrefix } from '@ums/contracts/pictureKeys';
import { loadPictures } from './loadPictures.js';
import type { PictureDeps } from './pictureDeps.js';

/** Deletes the squares of one picture. @throws DependencyUnavailable */
export const deletePicture = async ({ objects }: PictureDeps, userId: string, pictureId: string): Promise<void> => {
  await objects.deleteAll(`${picturePrefix(userId)}${pictureId}/`);
};

/** Deletes all that is stored of an erased user. @throws DependencyUnavailable */
export const deleteAllPictures = async ({ objects }: PictureDeps, userId: string): Promise<void> => {
  await objects.deleteAll(picturePrefix(userId));
  await objects.deleteAll(uploadPrefix(userId));
};

/**
 * Deletes the pictures of a user that are neither shown nor being processed: those that were replaced, removed or rejected.
 *
 * @throws DependencyUnavailable, LogUnavailable
 */
export const deleteOldPictures = async (deps: PictureDeps, userId: string): Promise<void> => {
  // Listed before the stream is read: what is listed was submitted before, so the stream shows whether it is still needed.
  const stored = new Set<string>();
  for await (const { key } of deps.objects.list(picturePrefix(userId))) stored.add(pictureIdIn(key));
  const pictures = await loadPictures(deps.eventLog, userId);
  if (pictures === 'erased') return deleteAllPictures(deps, userId);
  const kept = [pictures.readyPicture, pictures.submittedPicture];
  for (const pictureId of stored) if (!kept.includes(pictureId)) await deletePicture(deps, userId, pictureId);
};
