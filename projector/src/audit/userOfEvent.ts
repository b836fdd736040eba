import type { RecordedEvent } from '@ums/contracts/events/event';
import { publicField } from '@ums/contracts/events/publicBody';
import { parseStream } from '@ums/contracts/streams';
import { isUuid } from '@ums/contracts/uuid';

/** Categories of streams that are named after the user whom their events concern. */
const NAMED_AFTER_USER: ReadonlySet<string> = new Set(['user', 'signin', 'access']);

/** The user whom an event concerns: the one its stream is named after, or `userId` of its data; `null` without either. */
export const userOfEvent = ({ stream, data }: Pick<RecordedEvent, 'stream' | 'data'>): string | null => {
  const name = parseStream(stream);
  if (name !== undefined && NAMED_AFTER_USER.has(name.category)) return name.id;
  const userId = publicField(data, 'userId');
  return isUuid(userId) ? userId : null;
};
