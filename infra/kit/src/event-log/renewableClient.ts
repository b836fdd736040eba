import type { EventStoreDBClient } from '@eventstore/db-client';
import { noteWait } from '../wait.js';
import { LogUnavailable } from './eventLog.js';
import type { LogAddress } from './logClient.js';

const CLOSED = { dependency: 'event log', limit: 'client closed', waitedMs: 0 };

/** A client that can be replaced while calls use it. */
export interface RenewableClient {
  /** @throws LogUnavailable after `close`: an append of a closed client never settles, and rejects a promise that nothing handles. */
  current(): EventStoreDBClient;
  /** Replaces a failed client. Several calls may report the same client; it is replaced once. */
  replace(failed: EventStoreDBClient): void;
  close(): Promise<void>;
}

/**
 * A client that timed out or failed with an unexpected error may never recover: it caches failed node discoveries and can
 * hang while connecting. It is replaced, and calls still running on it get `graceMs` to end.
 */
export const renewableClient = (address: LogAddress, graceMs: number): RenewableClient => {
  let active = address.open();
  let isClosed = false;
  const retired = new Map<NodeJS.Timeout, () => Promise<void>>();
  return {
    current: () => {
      if (isClosed) throw noteWait(new LogUnavailable(new Error('this client was closed')), CLOSED);
      return active.client;
    },
    replace: (failed) => {
      if (failed !== active.client) return;
      const { close } = active;
      active = address.open();
      const timer = setTimeout(() => {
        retired.delete(timer);
        void close();
      }, graceMs);
      timer.unref();
      retired.set(timer, close);
    },
    close: async () => {
      isClosed = true;
      for (const timer of retired.keys()) clearTimeout(timer);
      await Promise.all([active.close(), ...[...retired.values()].map((close) => close())]);
      retired.clear();
    },
  };
};
