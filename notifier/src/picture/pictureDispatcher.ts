import type { Fact, RecordedEvent } from '@ums/contracts/events/event';
import type { UserEvent } from '@ums/contracts/events/user';
import { ERASED } from '@ums/contracts/personal';
import { currentType, decode } from '@ums/contracts/stored/stored';
import { Undecodable } from '@ums/contracts/stored/undecodable';
import { parseStream } from '@ums/contracts/streams';
import { isOutage } from '@ums/kit/message-source/isOutage';
import type { Consumer } from '@ums/kit/message-source/messageSource';
import { readPointed } from '@ums/kit/message-source/readPointed';
import { deleteOldPictures } from './deletePictures.js';
import type { PictureDeps } from './pictureDeps.js';
import { processUpload } from './processUpload.js';

const TYPES = [
  ...(['ProfilePictureSubmitted', 'ProfilePictureAccepted'] as const),
  ...(['ProfilePictureRejected', 'ProfilePictureRemoved'] as const),
] satisfies UserEvent['type'][];

/** What an event asks for. Pictures that were removed are deleted while those of other users wait to be decoded. */
export const pictureWorkOf = (type: string): 'processing' | 'deletion' =>
  currentType(type) === ('ProfilePictureSubmitted' satisfies (typeof TYPES)[number]) ? 'processing' : 'deletion';

/**
 * The part of a consumer that processes uploads, and deletes pictures once they are not shown any more. It returns `later`
 * while the log does not have the event yet or a dependency is down, and `dead` when the event is gone; it throws only on a bug, or
 * for a history that it cannot read.
 */
export const pictureDispatcher = (deps: PictureDeps): Pick<Consumer, 'types' | 'handle'> => ({
  types: TYPES,
  handle: async (message, given) => {
    try {
      const recorded = given ?? (await readPointed(deps.eventLog, message.pointer));
      if (typeof recorded === 'string') return recorded;
      const fact = recorded.id === message.eventId ? readable(recorded) : undefined;
      const userId = parseStream(recorded.stream)?.id;
      if (fact === undefined || userId === undefined) return 'dead';
      if (fact.type === 'ProfilePictureSubmitted') await processUpload(deps, userId, fact);
      else await deleteOldPictures(deps, userId);
      return 'done';
    } catch (error) {
      if (!isOutage(error)) throw error;
      deps.log.warn('picture waits for a dependency', { eventId: message.eventId, error });
      return 'later';
    }
  },
});

/** @returns `undefined` for an event that this version cannot read. */
const readable = (recorded: RecordedEvent): Fact<UserEvent> | undefined => {
  try {
    return decode(recorded, () => ERASED) as Fact<UserEvent> | undefined;
  } catch (error) {
    if (!(error instanceof Undecodable)) throw error;
    return undefined;
  }
};
