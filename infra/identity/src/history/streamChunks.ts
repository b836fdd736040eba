import type { RecordedEvent } from '@ums/contracts/events/event';
import type { EventLog } from '@ums/kit/event-log/eventLog';

/** Events read at once: it bounds what a long stream takes of the memory. */
const CHUNK = 500;

/** All events of a stream from the first one that is left on, in chunks. @throws LogUnavailable */
export async function* streamChunks(
  eventLog: Pick<EventLog, 'readPart'>,
  stream: string,
): AsyncGenerator<readonly RecordedEvent[]> {
  for (let from = 0n; ; ) {
    const chunk = await eventLog.readPart(stream, { from, limit: CHUNK });
    const last = chunk.at(-1);
    if (last === undefined) return;
    yield chunk;
    from = last.revision + 1n;
  }
}
