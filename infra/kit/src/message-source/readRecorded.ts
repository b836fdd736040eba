import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Pointer } from '@ums/contracts/messages/message';
import type { EventLog } from '../event-log/eventLog.js';

/** Reads the event at a pointer; `undefined` while the log has none there. @throws LogUnavailable */
export const readRecorded = async (
  eventLog: Pick<EventLog, 'readStream'>,
  { stream, revision }: Pick<Pointer, 'stream' | 'revision'>,
): Promise<RecordedEvent | undefined> => {
  const [first] = await eventLog.readStream(stream, revision);
  return first?.revision === revision ? first : undefined;
};
