import type { EventStoreDBClient } from '@eventstore/db-client';
import type { LogAddress } from './logClient.js';

/** A client that can be replaced while it is in use. */
export interface Renewable {
  current(): EventStoreDBClient;
  /** Replaces a client that failed strangely, once however many of its calls report it. */
  renew(failed: EventStoreDBClient): void;
  close(): Promise<void>;
}

/**
 * A client whose call timed out or failed for no known reason may fail for ever (it keeps failed probes, and can hang in
 * connecting), so it is given up. Calls still under way on it get `graceMs` to end.
 */
export const renewable = (address: LogAddress, graceMs: number): Renewable => {
  let now = address.open();
  const retired = new Map<NodeJS.Timeout, () => Promise<void>>();
  return {
    current: () => now.client,
    renew: (failed) => {
      if (failed !== now.client) return;
      const { close } = now;
      now = address.open();
      const timer = setTimeout(() => {
        retired.delete(timer);
        void close();
      }, graceMs);
      timer.unref();
      retired.set(timer, close);
    },
    close: async () => {
      for (const timer of retired.keys()) clearTimeout(timer);
      await Promise.all([now.close(), ...[...retired.values()].map((close) => close())]);
      retired.clear();
    },
  };
};
