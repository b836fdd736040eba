import type { RecordedEvent } from '@ums/contracts/events/event';
import type { EventLog } from '@ums/kit/event-log/eventLog';

interface Unruliness {
  random: () => number;
  /** Chance that an event comes again, with up to three before it. */
  again?: number;
  /** Chance that an event changes places with the next. */
  swapped?: number;
  /** Chance that an event is not given at all; only those that another of their stream follows. */
  lost?: number;
  /** Stops misbehaving after so many deeds. */
  most?: number;
}

/** A log whose subscriptions do not keep what they promise; its reads do. */
export const unruly = (eventLog: EventLog, { random, again = 0, swapped = 0, lost = 0, most = 50 }: Unruliness) => {
  let deeds = 0;
  const may = (chance: number): boolean => deeds < most && random() < chance && ++deeds > 0;

  const hasNext = async ({ stream, revision }: RecordedEvent): Promise<boolean> =>
    (await eventLog.readStream(stream, revision + 1n)).length > 0;

  async function* follow(...[after, options]: Parameters<EventLog['follow']>): AsyncIterableIterator<RecordedEvent> {
    const given: RecordedEvent[] = [];
    let held: RecordedEvent | undefined;
    const events = eventLog.follow(after, options);
    for await (const event of events) {
      if (held === undefined && may(swapped)) {
        held = event;
        // The last event of the log would be held for ever.
        if (event.position !== (await eventLog.head())) continue;
        held = undefined;
      }
      if (lost > 0 && (await hasNext(event)) && may(lost)) continue;
      given.push(event);
      yield event;
      if (held !== undefined) {
        yield held;
        held = undefined;
      }
      if (may(again)) yield* given.slice(-4);
    }
  }
  return { eventLog: { ...eventLog, follow }, deeds: () => deeds };
};
