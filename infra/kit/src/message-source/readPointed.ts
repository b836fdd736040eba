import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Pointer } from '@ums/contracts/messages/message';
import type { EventLog } from '../event-log/eventLog.js';
import { readRecorded } from './readRecorded.js';

/**
 * Reads the event that a message points at.
 *
 * @returns what to do with the message when there is no event: `later` while the log ends before its position, and `dead` once
 * the log is beyond it. The event never comes then: an operator has deleted the stream, or the log was restored without it.
 * @throws LogUnavailable
 */
export const readPointed = async (
  eventLog: Pick<EventLog, 'readStream' | 'head'>,
  pointer: Pointer,
): Promise<RecordedEvent | 'later' | 'dead'> => {
  const recorded = await readRecorded(eventLog, pointer);
  if (recorded !== undefined) return recorded;
  const head = await eventLog.head();
  if (head === undefined || head < pointer.position) return 'later';
  // The event may have come between the two reads.
  return (await readRecorded(eventLog, pointer)) ?? 'dead';
};
