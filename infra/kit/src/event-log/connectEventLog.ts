import type { Log } from '../log.js';
import { append } from './append.js';
import type { EventLog } from './eventLog.js';
import { follower } from './follow.js';
import { logAddress } from './logClient.js';
import { reads } from './reads.js';
import { renewableClient } from './renewableClient.js';
import { setMaxAge } from './setMaxAge.js';
import { sharedHead } from './sharedHead.js';
import { sharedPositions } from './sharedPositions.js';
import { sharedTail } from './sharedTail.js';

export interface EventLogOptions {
  /** `esdb://…`; see `logAddress`. */
  url: string;
  /** Time limit of an append, retries included. @default 2 s */
  appendDeadlineMs?: number;
  /** A read that receives nothing for this long fails; also the time within which a lost read is tried again. @default 2 s */
  readSilenceMs?: number;
  /** How often a silent subscription is compared with the head of the log. @default 5 s */
  stallCheckMs?: number;
  log: Log;
}

export interface ConnectedEventLog extends EventLog {
  /** Resolves when the log answers a read. @throws LogUnavailable */
  ready(): Promise<void>;
  /** Ends all followers and closes the connections. Running calls fail. */
  close(): Promise<void>;
}

/**
 * The event log over gRPC: EventStoreDB, KurrentDB or the embedded server. Appends, reads, each follower that catches up and
 * the live end use separate connections, so that neither a flood on one nor its loss stops the others.
 *
 * @throws StartRefused when the URL cannot be used. The first call connects.
 */
export const connectEventLog = (options: EventLogOptions): ConnectedEventLog => {
  const { url, appendDeadlineMs = 2_000, readSilenceMs = 2_000, stallCheckMs = 5_000, log } = options;
  const address = logAddress(url);
  const { credentials } = address;
  const readClient = renewableClient(address, readSilenceMs * 2);
  const appendClient = renewableClient(address, appendDeadlineMs * 2);
  const closed = new AbortController();
  const reading = reads({
    client: readClient,
    credentials,
    silenceMs: readSilenceMs,
    retryUntil: closed.signal,
  });
  const { forget, ...wholeLog } = sharedPositions(url, reading.readAll);
  const tailOptions = { address, head: sharedHead(url, reading.head), stallCheckMs };
  const joinTail = sharedTail(url, tailOptions, forget);
  const follow = follower({ address, joinTail, readSilenceMs, log });
  const appending = { client: appendClient, credentials, deadlineMs: appendDeadlineMs, readPart: reading.readPart };
  return {
    ...reading,
    ...wholeLog,
    append: append(appending),
    setMaxAge: setMaxAge(appending),
    follow: (after, options) => follow(after, { ...options, signal: AbortSignal.any([options.signal, closed.signal]) }),
    ready: async () => void (await reading.head()),
    close: async () => {
      closed.abort();
      await Promise.all([readClient.close(), appendClient.close()]);
    },
  };
};
