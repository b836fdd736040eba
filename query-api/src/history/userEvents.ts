import type { RecordedEvent } from '@ums/contracts/events/event';
import { userStream } from '@ums/contracts/streams';
import type { EventLog } from '@ums/kit/event-log/eventLog';

/** Events read at once. Most streams are shorter; a longer one costs no more memory. */
const CHUNK = 500;

/**
 * The events of a user from the first one on, in chunks. A profile is folded from all of them, as in every command.
 *
 * @param end number of events to read. @default all
 * @throws LogUnavailable
 */
export async function* userEvents(
  eventLog: Pick<EventLog, 'readPart'>,
  userId: string,
  end?: bigint,
): AsyncGenerator<RecordedEvent[]> {
  for (let from = 0n; end === undefined || from < end; ) {
    const limit = end === undefined || end - from > CHUNK ? CHUNK : Number(end - from);
    const events = await eventLog.readPart(userStream(userId), { from, limit });
    if (events.length > 0) yield events;
    if (events.length < limit) return;
    from += BigInt(events.length);
  }
}
