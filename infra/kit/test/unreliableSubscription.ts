import type { RecordedEvent } from '@ums/contracts/events/event';
import type { EventLog } from '@ums/kit/event-log/eventLog';

interface Faults {
  random: () => number;
  /** Probability that the last one to four events are delivered again. */
  repeated?: number;
  /** Probability that an event changes places with the next. */
  swapped?: number;
  /** Probability that an event is not delivered. Only events that another event of their stream follows are lost. */
  lost?: number;
  /** Probability that an event is not delivered, also when none of its stream follows. The last event of the log is. */
  lostForGood?: number;
  /** No more faults after this number. @default 50 */
  maxFaults?: number;
}

/** An event log whose subscriptions repeat, reorder or lose events. Its reads stay correct. */
export const unreliableSubscription = (
  eventLog: EventLog,
  { random, repeated = 0, swapped = 0, lost = 0, lostForGood = 0, maxFaults = 50 }: Faults,
) => {
  let faultCount = 0;
  const injects = (probability: number): boolean =>
    faultCount < maxFaults && random() < probability && ++faultCount > 0;

  const hasNext = async ({ stream, revision }: RecordedEvent): Promise<boolean> =>
    (await eventLog.readStream(stream, revision + 1n)).length > 0;

  async function* follow(...[after, { signal }]: Parameters<EventLog['follow']>): AsyncIterableIterator<RecordedEvent> {
    const delivered: RecordedEvent[] = [];
    let held: RecordedEvent | undefined;
    // Without `onPage`, because the pages of this subscription are not whole.
    const events = eventLog.follow(after, { signal });
    for await (const event of events) {
      if (held === undefined && injects(swapped)) {
        held = event;
        // No event follows the last one of the log, so it would never be delivered.
        if (event.position !== (await eventLog.head())) continue;
        held = undefined;
      }
      if (lost > 0 && (await hasNext(event)) && injects(lost)) continue;
      if (lostForGood > 0 && event.position !== (await eventLog.head()) && injects(lostForGood)) continue;
      delivered.push(event);
      yield event;
      if (held !== undefined) {
        yield held;
        held = undefined;
      }
      if (injects(repeated)) yield* delivered.slice(-4);
    }
  }
  return { eventLog: { ...eventLog, follow }, faultCount: () => faultCount };
};
