import type { RecordedEvent } from '@ums/contracts/events/event';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { EventProjection } from './projection.js';

/** The first event of each stream that rows of a batch need it of, by the name of the stream. */
export type FirstEvents = ReadonlyMap<string, RecordedEvent>;

/**
 * Finds the first events that the rows of a batch need: in the batch, or with one read of the log for each stream. A stream of
 * which the log holds nothing has none.
 *
 * @throws LogUnavailable
 */
export const firstEvents = async (
  eventLog: Pick<EventLog, 'readPart'>,
  projection: EventProjection,
  events: readonly RecordedEvent[],
): Promise<FirstEvents> => {
  const isNeeded = (event: RecordedEvent) => projection.needsFirst?.(event) ?? false;
  const found = new Map(events.filter(({ revision }) => revision === 0n).map((event) => [event.stream, event]));
  for (const { stream } of events.filter(isNeeded)) {
    if (found.has(stream)) continue;
    const [first] = await eventLog.readPart(stream, { limit: 1 });
    if (first !== undefined) found.set(stream, first);
  }
  return found;
};
