import { type AllStreamSubscription, START } from '@eventstore/db-client';
import type { RecordedEvent } from '@ums/contracts/events/event';
import type { LogAddress } from './logClient.js';
import { reads } from './reads.js';
import { type StallOptions, type StallWatchdog, stallWatchdog } from './stallWatchdog.js';
import { toRecorded } from './toRecorded.js';

export interface SubscriptionOptions {
  address: LogAddress;
  head: StallOptions['head'];
  /** A page that receives nothing for this long fails. */
  readSilenceMs: number;
  /** How often a silent subscription is compared with the head; also the time limit of its confirmation. */
  stallCheckMs: number;
}

/** Why a subscription ended; fields of the log line. */
export interface EndCause {
  reason: 'error' | 'end' | 'stall';
  error?: unknown;
}

export interface Subscription {
  /** Ends when the subscription ends, for any cause. */
  events: AsyncGenerator<RecordedEvent>;
  endCause(): EndCause;
  end(): Promise<void>;
}

/**
 * Events read at once while catching up: a subscription of this client yields too few at a time (P9). Larger pages live so long
 * that V8 moves them to the old generation.
 */
const PAGE_SIZE = 500;
/** Events that a subscription buffers for its reader; further events wait on the server. */
const READ_AHEAD = 256;

/** The events after a position (exclusive), on a separate connection: page by page up to the head, then live. */
export const subscribe = (
  { address, head, readSilenceMs, stallCheckMs }: SubscriptionOptions,
  after: bigint | undefined,
  signal: AbortSignal,
): Subscription => {
  const { client, close } = address.open();
  const { credentials } = address;
  const fixedClient = { current: () => client, replace: () => undefined, close };
  const { readAll } = reads({ client: fixedClient, credentials, silenceMs: readSilenceMs });
  let cause: EndCause = { reason: 'end' };
  let stopLive = (): void => undefined;
  let closing: Promise<void> | undefined;
  const end = (): Promise<void> => {
    stopLive();
    signal.removeEventListener('abort', end);
    // Closes at once: destroying a stream leaves its call open, and an aborted reader may not ask for another event.
    closing ??= close();
    return closing;
  };
  const endWith = (endCause: EndCause): void => {
    if (closing !== undefined) return;
    cause = endCause;
    void end();
  };
  signal.addEventListener('abort', end, { once: true });

  const live = (from: bigint | undefined): AsyncGenerator<RecordedEvent> => {
    const fromPosition = from === undefined ? START : { commit: from, prepare: from };
    const stream = client.subscribeToAll(
      { credentials, requiresLeader: true, fromPosition },
      { highWaterMark: READ_AHEAD },
    );
    const onStall = () => endWith({ reason: 'stall' });
    const confirmationTimer = setTimeout(onStall, stallCheckMs);
    const watchdog = stallWatchdog({ after: from, head, everyMs: stallCheckMs, onStall });
    stopLive = () => {
      clearTimeout(confirmationTimer);
      watchdog.stop();
      stream.destroy();
    };
    stream.once('confirmation', () => clearTimeout(confirmationTimer));
    // The client reports a lost connection without ending the stream, and once more after the stream was destroyed.
    stream.on('error', (error) => endWith({ reason: 'error', error }));
    return eventsOf(stream, watchdog);
  };

  async function* events(): AsyncGenerator<RecordedEvent> {
    let from = after;
    let nextPage: Promise<RecordedEvent[]> | undefined = readAll(from, PAGE_SIZE);
    try {
      while (nextPage !== undefined) {
        const page: RecordedEvent[] = await nextPage;
        from = page.at(-1)?.position ?? from;
        // The reader handles this page while the next one is read.
        nextPage = page.length === PAGE_SIZE && closing === undefined ? readAll(from, PAGE_SIZE) : undefined;
        // A failure is thrown where the page is awaited. Until then, or if the reader leaves first, it must not count as unhandled.
        nextPage?.catch(() => undefined);
        yield* page;
      }
    } catch (error) {
      return endWith({ reason: 'error', error });
    }
    if (closing === undefined) yield* live(from);
  }
  return { events: events(), endCause: () => cause, end };
};

async function* eventsOf(stream: AllStreamSubscription, watchdog: StallWatchdog): AsyncGenerator<RecordedEvent> {
  const iterator = stream[Symbol.asyncIterator]();
  for (;;) {
    watchdog.waiting();
    const next = await iterator.next().catch(() => undefined);
    if (next === undefined || next.done) return;
    const event = toRecorded(next.value);
    watchdog.delivered(event.position);
    yield event;
  }
}
