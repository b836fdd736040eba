import { parseUploadKey, prefixOfUpload, UPLOAD_PREFIXES, type UploadKey } from '@ums/contracts/pictureKeys';
import type { FileDeps } from '../account/factDeps.js';
import { existsRegistration } from '../account/registrationRow.js';
import { userIdOf } from '../user/derivedIds.js';
import { loadUser } from '../user/loadUser.js';

/** Longer than a request takes from storing an upload to appending the event that submits it. */
const MIN_AGE_MS = 600_000;

/**
 * Deletes uploads that no event refers to: those of requests that failed after storing them, and of registrations that
 * expired. An upload that waits to be processed stays. One whose user cannot be read, or that cannot be deleted, stays until
 * a later sweep.
 *
 * @throws DependencyUnavailable, LogUnavailable, the vault's error: one of the three does not answer at all.
 */
export const sweepUploads = async (deps: FileDeps): Promise<void> => {
  const newest = deps.clock.now().getTime() - MIN_AGE_MS;
  for (const prefix of UPLOAD_PREFIXES)
    for await (const { key, modifiedAt } of deps.objects.list(prefix)) {
      const upload = parseUploadKey(key);
      // Without its parts, the key is none that this service has stored.
      if (upload !== undefined && modifiedAt.getTime() <= newest) await sweepUpload(deps, key, upload);
    }
};

/** One upload that fails must not keep the sweep from those after it. */
const sweepUpload = async (deps: FileDeps, key: string, upload: UploadKey): Promise<void> => {
  const userId = upload.isOfRegistration ? userIdOf(upload.ownerId) : upload.ownerId;
  try {
    if (!(await isWaiting(deps, upload, userId))) await deps.objects.deleteAll(prefixOfUpload(key));
  } catch (error) {
    await requireAnswers(deps);
    deps.log.warn('upload kept', { userId, error });
  }
};

const isWaiting = async (deps: FileDeps, upload: UploadKey, userId: string): Promise<boolean> => {
  if (upload.isOfRegistration && (await existsRegistration(deps.vault, upload.ownerId))) return true;
  const { state } = await loadUser(deps, userId);
  return (state.status === 'active' || state.status === 'suspended') && state.submittedPicture === upload.pictureId;
};

/** While one of them is down, every upload fails, each after seconds. */
const requireAnswers = async ({ vault, eventLog, objects }: FileDeps): Promise<void> => {
  await vault.query('select');
  await eventLog.head();
  await objects.list(UPLOAD_PREFIXES[0])[Symbol.asyncIterator]().next();
};
