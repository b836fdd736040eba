import type { Fact } from '@ums/contracts/events/event';
import type { UserEvent } from '@ums/contracts/events/user';
import type { ServiceActor } from '@ums/contracts/metadata';
import { pendingPrefix, picturePrefix, uploadPrefix } from '@ums/contracts/pictureKeys';
import { userStream } from '@ums/contracts/streams';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import { serviceCause } from '@ums/kit/facts/cause';
import type { FileDeps } from '../account/factDeps.js';
import { lastUploadStart, type UploadStart } from '../account/uploadStart.js';
import { decide } from '../user/decide.js';
import { userErasedId } from '../user/derivedIds.js';
import { userState } from '../user/evolve.js';
import { loadUser } from '../user/loadUser.js';
import { deleteErasure, type ErasureRow } from './erasureRow.js';
import { notePicturesDeleted } from './receiptRow.js';

/** Longer than the notifier takes from reading the state of a user to storing their picture. */
const LONGEST_PICTURE_JOB_MS = 60_000;
/**
 * Longer than a request takes from noting that it stores an upload to storing it. The storage may do so after the request gave
 * up waiting.
 */
const LONGEST_UPLOAD_MS = 30_000;

/**
 * The last steps of an erasure, done by the reconciler: deletes the objects of the user, appends `UserErased` once no data is
 * left anywhere, and removes the erasure from the list of unfinished ones. Notes the times in the receipt. Idempotent. A picture
 * that was being processed when the erasure started, or an upload that a request was storing, may be stored later; then the
 * erasure stays unfinished for a minute at most, and a repeat deletes again.
 *
 * @param by name of the acting service, for the event's metadata.
 * @param signal leaves the rest to the next sweep once it aborts: an erasure may have many objects.
 * @throws LogUnavailable; DependencyUnavailable while the object storage is down; WrongRevision if another reconciler appended
 * first. The next sweep tries again.
 */
export const finishErasure = async (
  deps: FileDeps,
  erasure: ErasureRow,
  by: ServiceActor,
  signal?: AbortSignal,
): Promise<void> => {
  const { userId } = erasure;
  const { state, facts, revision } = await loadUser(deps, userId);
  const started = facts.find(({ type }) => type === 'UserErasureStarted');
  // Read before the objects are deleted: a later one is not noted any more.
  const upload = await lastUploadStart(deps.vault, userId);
  await deleteObjects(deps, erasure, facts, signal);
  if (signal?.aborted) return;
  if (upload !== undefined && mayStoreUpload(deps, facts, upload)) return;
  if (started !== undefined && mayStorePicture(deps, facts, started)) return;
  await notePicturesDeleted(deps.vault, userId, deps.clock.now());
  const events = decide({ type: 'FinishErasure' }, state);
  if (events.length > 0 && revision !== undefined && started !== undefined) {
    await appendFacts<UserEvent>(deps, {
      stream: userStream(userId),
      events,
      expected: revision,
      cause: serviceCause(by, { id: started.id, correlationId: started.metadata.$correlationId }),
      ids: [userErasedId(userId)],
    });
    deps.crashPoint?.('erasure-finished');
  }
  await deleteErasure(deps.vault, userId, deps.clock.now());
};

/** Also of the registration that the user comes from: a restored vault may not have had its row. */
const deleteObjects = async (
  { objects }: FileDeps,
  { userId, registrationIds }: ErasureRow,
  [first]: readonly Fact<UserEvent>[],
  signal: AbortSignal | undefined,
): Promise<void> => {
  const own = first?.type === 'UserRegistered' ? [first.data.registrationId] : [];
  const pending = new Set([...own, ...registrationIds]);
  for (const prefix of [picturePrefix(userId), uploadPrefix(userId), ...[...pending].map(pendingPrefix)]) {
    if (signal?.aborted) return;
    await objects.deleteAll(prefix);
  }
};

const mayStorePicture = ({ clock }: FileDeps, facts: readonly Fact<UserEvent>[], started: Fact<UserEvent>): boolean => {
  const before = userState(facts.filter(({ revision }) => revision < started.revision));
  const isProcessing =
    before.status !== 'unknown' && before.status !== 'erased' && before.submittedPicture !== undefined;
  return isProcessing && clock.now().getTime() < Date.parse(started.metadata.at) + LONGEST_PICTURE_JOB_MS;
};

/** An upload that the log names was stored before. */
const mayStoreUpload = (
  { clock }: FileDeps,
  facts: readonly Fact<UserEvent>[],
  { pictureId, at }: UploadStart,
): boolean =>
  !facts.some(({ type, data }) => type === 'ProfilePictureSubmitted' && data.pictureId === pictureId) &&
  clock.now().getTime() < at.getTime() + LONGEST_UPLOAD_MS;
