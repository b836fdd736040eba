import { readGauge } from '../metrics.js';
import type { EventLog } from './eventLog.js';
import { eventsAfter } from './eventsAfter.js';
import { lagClock } from './lagClock.js';

export interface ExposedFollower<L extends string> {
  /** Start of the names of both gauges, such as `ums_reconciler_lag`. */
  name: string;
  labels: Readonly<Record<L, string>>;
  eventLog: Pick<EventLog, 'head' | 'readAll'>;
  /** Up to which the follower has finished; -1 before the first event. */
  position(): Promise<bigint>;
}

/**
 * Exposes how far a follower of the log is behind, in seconds and in events (counted up to 10,000). It is measured when the
 * metrics are asked for, so it costs nothing in between, and the seconds begin with the first measurement that finds it behind.
 *
 * @returns ends that.
 */
export const exposeLag = <L extends string>({ name, labels, eventLog, position }: ExposedFollower<L>): (() => void) => {
  const clock = lagClock();
  const measureNow = async (): Promise<{ seconds: number; events: number }> => {
    // The position first: an event that is appended and finished in between must not count.
    const reached = await position();
    const seconds = clock(reached, await eventLog.head());
    return seconds === undefined
      ? { seconds: 0, events: 0 }
      : { seconds, events: await eventsAfter(eventLog, reached) };
  };
  let measuring: ReturnType<typeof measureNow> | undefined;
  const measure = (): ReturnType<typeof measureNow> => {
    measuring ??= measureNow().finally(() => {
      measuring = undefined;
    });
    return measuring;
  };
  const labelNames = Object.keys(labels) as L[];
  const removals = [
    readGauge(`${name}_seconds`, 'Time since events are known that are not finished.', labelNames, async () => [
      [labels, (await measure()).seconds],
    ]),
    readGauge(`${name}_events`, 'Events of the log after the checkpoint, up to 10,000.', labelNames, async () => [
      [labels, (await measure()).events],
    ]),
  ];
  return () => {
    for (const remove of removals) remove();
  };
};
