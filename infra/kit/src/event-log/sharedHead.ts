import type { EventLog } from './eventLog.js';

/** The reads in progress, by the URL of their log. */
const reading = new Map<string, Promise<bigint | undefined>>();

/**
 * The head of a log, for monitoring: callers in this process share a read in progress, so they may miss an event that was
 * appended since it began. If the shared read fails, the caller reads on its own connection.
 */
export const sharedHead =
  (url: string, head: EventLog['head']): EventLog['head'] =>
  () => {
    const shared = reading.get(url);
    if (shared !== undefined) return shared.catch(head);
    const own = head().finally(() => reading.delete(url));
    reading.set(url, own);
    return own;
  };
