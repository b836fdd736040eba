import type { Log } from '../log.js';
import { append } from './append.js';
import type { EventLog } from './eventLog.js';
import { follower } from './follow.js';
import { logAddress } from './logClient.js';
import { reads } from './reads.js';
import { renewable } from './renewable.js';

export interface EventLogOptions {
  /** `esdb://…`; see `logAddress`. */
  url: string;
  /** An append is answered, refused or given up within this; 2 s unless told. */
  appendDeadlineMs?: number;
  /** A read that gives nothing for so long has failed; 2 s unless told. */
  readSilenceMs?: number;
  /** How often a silent subscription is compared with the head; 5 s unless told. */
  stallCheckMs?: number;
  log: Log;
}

export interface ConnectedEventLog extends EventLog {
  /** Resolves when the log answers a read. @throws LogUnavailable */
  ready(): Promise<void>;
  /** Ends followers and connections. Calls under way fail. */
  close(): Promise<void>;
}

/**
 * The event log over gRPC: EventStoreDB, KurrentDB or the embedded server. Appends, reads and every follower have a
 * connection of their own, so that neither a flood of one nor the loss of one stops the others.
 *
 * @throws StartRefused when the URL cannot be used. Connecting is left to the first call.
 */
export const connectEventLog = (options: EventLogOptions): ConnectedEventLog => {
  const { url, appendDeadlineMs = 2_000, readSilenceMs = 2_000, stallCheckMs = 5_000, log } = options;
  const address = logAddress(url);
  const { credentials } = address;
  const readClient = renewable(address, readSilenceMs * 2);
  const appendClient = renewable(address, appendDeadlineMs * 2);
  const { readPart, ...reading } = reads({ client: readClient, credentials, silenceMs: readSilenceMs });
  const follow = follower({ address, head: reading.head, readSilenceMs, stallCheckMs, log });
  const closed = new AbortController();
  return {
    ...reading,
    append: append({ client: appendClient, credentials, deadlineMs: appendDeadlineMs, readPart }),
    follow: (after, { signal }) => follow(after, { signal: AbortSignal.any([signal, closed.signal]) }),
    ready: async () => void (await reading.head()),
    close: async () => {
      closed.abort();
      await Promise.all([readClient.close(), appendClient.close()]);
    },
  };
};
