import { buffer } from 'node:stream/consumers';
import type { Fact } from '@ums/contracts/events/event';
import type { PictureEvent } from '@ums/contracts/events/picture';
import type { UserEvent } from '@ums/contracts/events/user';
import { pictureKey, prefixOfUpload, uploadKey } from '@ums/contracts/pictureKeys';
import { PICTURE_SIZES, SQUARE_AS } from '@ums/contracts/processedPicture';
import { pictureStream } from '@ums/contracts/streams';
import { NO_STREAM, WrongRevision } from '@ums/kit/event-log/eventLog';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import { serviceCause } from '@ums/kit/facts/cause';
import type { Spend } from '@ums/kit/queue/fairSlots';
import type { PictureOutcome, Squares } from '../picture-processing/pictureOutcome.js';
import { deleteAllPictures, deletePicture } from './deletePictures.js';
import { loadPictures } from './loadPictures.js';
import type { PictureDeps } from './pictureDeps.js';

export type SubmittedFact = Extract<Fact<UserEvent>, { type: 'ProfilePictureSubmitted' }>;

/** Of a square: the key of one is never used again. */
const SQUARE = { ...SQUARE_AS, maxBytes: 5_000_000, cacheControl: 'public, max-age=31536000, immutable' };

/**
 * Makes the squares of an upload, if it is still the one that its user submitted last, and records what became of it. May be
 * repeated after a crash at any point: it stores the same objects again, and the first outcome that is recorded stands.
 *
 * @param spend is told how long the picture was worked on
 * @throws DependencyUnavailable, LogUnavailable
 */
export const processUpload = async (
  deps: PictureDeps,
  userId: string,
  fact: SubmittedFact,
  spend: Spend,
): Promise<void> => {
  const { pictureId } = fact.data;
  const key = uploadKey(userId, fact.data);
  if ((await standingOf(deps, userId, pictureId)) === 'submitted') {
    const outcome = await outcomeOf(deps, key, pictureId, spend);
    if (outcome?.kind === 'processed') await storeSquares(deps, userId, pictureId, outcome.squares);
    const standing = await standingOf(deps, userId, pictureId);
    if (standing === 'gone') await deletePicture(deps, userId, pictureId);
    if (standing === 'submitted' && outcome !== undefined) await record(deps, userId, fact, outcome);
  }
  await deps.objects.deleteAll(prefixOfUpload(key));
};

/**
 * Whether the picture still waits for its outcome, is shown because an earlier attempt has recorded it, or is gone: replaced,
 * removed, rejected or its user erased. All that is stored of an erased user is deleted.
 */
const standingOf = async (
  deps: PictureDeps,
  userId: string,
  pictureId: string,
): Promise<'submitted' | 'shown' | 'gone'> => {
  const pictures = await loadPictures(deps.eventLog, userId);
  if (pictures === 'erased') {
    await deleteAllPictures(deps, userId);
    return 'gone';
  }
  if (pictures.submittedPicture === pictureId) return 'submitted';
  return pictures.readyPicture === pictureId ? 'shown' : 'gone';
};

/** @returns `undefined` if an earlier attempt has recorded the outcome already. */
const outcomeOf = async (
  { objects, eventLog, processor, log }: PictureDeps,
  key: string,
  pictureId: string,
  spend: Spend,
): Promise<PictureOutcome | undefined> => {
  const upload = await objects.get(key);
  if (upload !== undefined) return processor.process(await buffer(upload.content), spend);
  if ((await eventLog.readStream(pictureStream(pictureId))).length > 0) return undefined;
  log.error('upload is missing from the object storage', { stream: pictureStream(pictureId) });
  return { kind: 'rejected', reason: 'upload-lost' };
};

const storeSquares = async ({ objects }: PictureDeps, userId: string, pictureId: string, squares: Squares) => {
  for (const size of PICTURE_SIZES) await objects.put(pictureKey(userId, pictureId, size), squares[size], SQUARE);
};

const record = async (deps: PictureDeps, userId: string, fact: SubmittedFact, outcome: PictureOutcome) => {
  const event: PictureEvent =
    outcome.kind === 'processed'
      ? { type: 'PictureProcessed', data: { userId } }
      : { type: 'PictureRejected', data: { userId, reason: outcome.reason } };
  const cause = serviceCause('notifier', { id: fact.id, correlationId: fact.metadata.$correlationId });
  try {
    await appendFacts<PictureEvent>(deps, {
      ...{ stream: pictureStream(fact.data.pictureId), events: [event], expected: NO_STREAM, cause },
    });
  } catch (error) {
    // Another attempt has recorded its outcome.
    if (!(error instanceof WrongRevision)) throw error;
  }
};
