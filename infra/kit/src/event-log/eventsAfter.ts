import type { EventLog } from './eventLog.js';

const PAGE = 1_000;
/** So that one count does not read the whole log. */
const MAX_PAGES = 10;

/**
 * The number of events after a position, counted up to 10,000. Positions have gaps of any size, so the events are read.
 *
 * @throws LogUnavailable
 */
export const eventsAfter = async (eventLog: Pick<EventLog, 'readAll'>, position: bigint): Promise<number> => {
  let countedTo = position < 0n ? undefined : position;
  let events = 0;
  for (let page = 0; page < MAX_PAGES; page++) {
    const found = await eventLog.readAll(countedTo, PAGE);
    events += found.length;
    if (found.length < PAGE) break;
    countedTo = found.at(-1)?.position;
  }
  return events;
};
