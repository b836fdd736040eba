import { parseUploadKey, prefixOfUpload, UPLOAD_PREFIXES } from '@ums/contracts/pictureKeys';
import { isOutage } from '@ums/kit/message-source/isOutage';
import type { FileDeps } from '../account/factDeps.js';
import { existsRegistration } from '../account/registrationRow.js';
import { userIdOf } from '../user/derivedIds.js';
import { loadUser } from '../user/loadUser.js';

/** Longer than a request takes from storing an upload to appending the event that submits it. */
const MIN_AGE_MS = 600_000;

/**
 * Deletes uploads that no event refers to: those of requests that failed after storing them, and of registrations that
 * expired. An upload that waits to be processed stays, and so does one whose user cannot be read.
 *
 * @throws DependencyUnavailable, LogUnavailable; the vault's error.
 */
export const sweepUploads = async (deps: FileDeps): Promise<void> => {
  const newest = deps.clock.now().getTime() - MIN_AGE_MS;
  for (const prefix of UPLOAD_PREFIXES)
    for await (const { key, modifiedAt } of deps.objects.list(prefix))
      if (modifiedAt.getTime() <= newest && !(await isWaiting(deps, key)))
        await deps.objects.deleteAll(prefixOfUpload(key));
};

const isWaiting = async (deps: FileDeps, key: string): Promise<boolean> => {
  const upload = parseUploadKey(key);
  // This service has not stored it.
  if (upload === undefined) return true;
  const { ownerId, pictureId, isOfRegistration } = upload;
  if (isOfRegistration && (await existsRegistration(deps.vault, ownerId))) return true;
  return isSubmitted(deps, isOfRegistration ? userIdOf(ownerId) : ownerId, pictureId);
};

/** One user who cannot be read must not keep the sweep from the uploads of others. */
const isSubmitted = async (deps: FileDeps, userId: string, pictureId: string): Promise<boolean> => {
  try {
    const { state } = await loadUser(deps, userId);
    return (state.status === 'active' || state.status === 'suspended') && state.submittedPicture === pictureId;
  } catch (error) {
    if (isOutage(error)) throw error;
    deps.log.warn('upload kept: user stream cannot be read', { userId, error });
    return true;
  }
};
