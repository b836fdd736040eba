import type { Fact, RecordedEvent } from '@ums/contracts/events/event';
import type { UserEvent } from '@ums/contracts/events/user';
import type { Message } from '@ums/contracts/messages/message';
import { ERASED } from '@ums/contracts/personal';
import { decode } from '@ums/contracts/stored/stored';
import { Undecodable } from '@ums/contracts/stored/undecodable';
import { parseStream } from '@ums/contracts/streams';
import { isOutage } from '@ums/kit/message-source/isOutage';
import type { Consumer, MessageOutcome } from '@ums/kit/message-source/messageSource';
import { readPointed } from '@ums/kit/message-source/readPointed';
import { fairSlots, type Spend } from '@ums/kit/queue/fairSlots';
import { deleteOldPictures } from './deletePictures.js';
import type { PictureDeps } from './pictureDeps.js';
import { processUpload } from './processUpload.js';
import { uploadSender } from './uploadSender.js';

const TYPES = [
  ...(['ProfilePictureSubmitted', 'ProfilePictureAccepted'] as const),
  ...(['ProfilePictureRejected', 'ProfilePictureRemoved'] as const),
] satisfies UserEvent['type'][];

/** Messages that are handled at once. All but a few wait for a slot, and uploads can take turns only with those that wait, too. */
const CONCURRENT_MESSAGES = 1_000;
const CONCURRENT_READS = 10;
/** One picture is decoded while the other is read or stored. */
const CONCURRENT_UPLOADS = 2;
const CONCURRENT_DELETIONS = 2;
/** The holder of slots that pass on in order of arrival. */
const EVERYBODY = 'everybody';

/**
 * The part of a consumer that processes uploads, and deletes pictures once they are not shown any more. Sources take turns, so
 * that one with many accounts or costly pictures does not hold up the others; what counts is how long their pictures were decoded.
 * Deletions do not wait for uploads.
 *
 * It returns `later` while the log does not have the event yet or a dependency is down, and `dead` when the event is gone; it throws
 * only on a bug, or for a history that it cannot read.
 */
export const pictureDispatcher = (deps: PictureDeps): Pick<Consumer, 'types' | 'concurrency' | 'handle'> => {
  const reads = fairSlots({ most: CONCURRENT_READS });
  const uploads = fairSlots({ most: CONCURRENT_UPLOADS });
  const deletions = fairSlots({ most: CONCURRENT_DELETIONS });

  /** @returns the event and, of an upload, its sender. */
  const found = async ({ pointer, eventId }: Message, given: RecordedEvent | undefined) => {
    const recorded = given ?? (await readPointed(deps.eventLog, pointer));
    if (typeof recorded === 'string') return recorded;
    const fact = recorded.id === eventId ? readable(recorded) : undefined;
    const userId = parseStream(recorded.stream)?.id;
    if (fact === undefined || userId === undefined) return 'dead';
    if (fact.type !== 'ProfilePictureSubmitted') return { userId };
    return { userId, upload: { fact, sender: await uploadSender(deps.keys, recorded) } };
  };

  const handled = async (message: Message, given?: RecordedEvent, stopping?: AbortSignal): Promise<MessageOutcome> => {
    const work = await reads.run(EVERYBODY, () => found(message, given), stopping);
    if (work === undefined) return 'later';
    if (typeof work === 'string') return work;
    const { userId, upload } = work;
    const [slots, holder] = upload === undefined ? [deletions, EVERYBODY] : [uploads, upload.sender];
    const finish = async (spend: Spend) => {
      if (upload === undefined) await deleteOldPictures(deps, userId);
      else await processUpload(deps, userId, upload.fact, spend);
      return 'done' as const;
    };
    return (await slots.run(holder, finish, stopping)) ?? 'later';
  };

  return {
    types: TYPES,
    concurrency: CONCURRENT_MESSAGES,
    handle: async (message, given, stopping) => {
      try {
        return await handled(message, given, stopping);
      } catch (error) {
        if (!isOutage(error)) throw error;
        deps.log.warn('picture waits for a dependency', { eventId: message.eventId, error });
        return 'later';
      }
    },
  };
};

/** @returns `undefined` for an event that this version cannot read. */
const readable = (recorded: RecordedEvent): Fact<UserEvent> | undefined => {
  try {
    return decode(recorded, () => ERASED) as Fact<UserEvent> | undefined;
  } catch (error) {
    if (!(error instanceof Undecodable)) throw error;
    return undefined;
  }
};
