import { type AllStreamSubscription, START } from '@eventstore/db-client';
import type { RecordedEvent } from '@ums/contracts/events/event';
import type { LogAddress } from './logClient.js';
import { reads } from './reads.js';
import { type StallOptions, type StallWatchdog, stallWatchdog } from './stallWatchdog.js';
import { toRecorded } from './toRecorded.js';

export interface SubscriptionOptions {
  address: LogAddress;
  head: StallOptions['head'];
  /** A page that gives nothing for so long has failed. */
  readSilenceMs: number;
  /** How often a silent subscription is compared with the head; also how long its first sign of life may take. */
  stallCheckMs: number;
}

/** For the log: what ended a subscription. */
export interface Trouble {
  reason: 'error' | 'end' | 'stall';
  error?: unknown;
}

export interface Subscription {
  /** They end when the subscription does, for whatever reason. */
  events: AsyncGenerator<RecordedEvent>;
  /** Why they ended. */
  trouble(): Trouble;
  end(): Promise<void>;
}

/** Events of a page: while there is much to read, a subscription of this client hands out too few at once (P9). */
const PAGE = 1_000;
/** Events a subscription reads ahead of its reader at most, here; the rest waits on the server. */
const READ_AHEAD = 256;

/** What follows a position (exclusive), on a connection of its own: by the page up to the head, then as it is committed. */
export const subscribe = (
  { address, head, readSilenceMs, stallCheckMs }: SubscriptionOptions,
  after: bigint | undefined,
  signal: AbortSignal,
): Subscription => {
  const { client, close } = address.open();
  const { credentials } = address;
  const own = { current: () => client, renew: () => undefined, close };
  const { readAll } = reads({ client: own, credentials, silenceMs: readSilenceMs });
  let trouble: Trouble = { reason: 'end' };
  let leave = (): void => undefined;
  let closing: Promise<void> | undefined;
  const end = (): Promise<void> => {
    leave();
    signal.removeEventListener('abort', end);
    // Destroying a stream leaves its call open; and a reader told to stop may never come back to end it.
    closing ??= close();
    return closing;
  };
  const cut = (why: Trouble): void => {
    if (closing !== undefined) return;
    trouble = why;
    void end();
  };
  signal.addEventListener('abort', end, { once: true });

  const live = (from: bigint | undefined): AsyncGenerator<RecordedEvent> => {
    const fromPosition = from === undefined ? START : { commit: from, prepare: from };
    const stream = client.subscribeToAll(
      { credentials, requiresLeader: true, fromPosition },
      { highWaterMark: READ_AHEAD },
    );
    const unconfirmed = setTimeout(() => cut({ reason: 'stall' }), stallCheckMs);
    const watchdog = stallWatchdog({
      after: from,
      head,
      everyMs: stallCheckMs,
      onStall: () => cut({ reason: 'stall' }),
    });
    leave = () => {
      clearTimeout(unconfirmed);
      watchdog.stop();
      stream.destroy();
    };
    stream.once('confirmation', () => clearTimeout(unconfirmed));
    // The client reports the loss of a connection without ending the stream, and again after it was destroyed.
    stream.on('error', (error) => cut({ reason: 'error', error }));
    return eventsOf(stream, watchdog);
  };

  async function* events(): AsyncGenerator<RecordedEvent> {
    let from = after;
    try {
      for (let more = true; more; ) {
        const page = await readAll(from, PAGE);
        yield* page;
        from = page.at(-1)?.position ?? from;
        more = page.length === PAGE;
      }
    } catch (error) {
      return cut({ reason: 'error', error });
    }
    if (closing === undefined) yield* live(from);
  }
  return { events: events(), trouble: () => trouble, end };
};

async function* eventsOf(stream: AllStreamSubscription, watchdog: StallWatchdog): AsyncGenerator<RecordedEvent> {
  const iterator = stream[Symbol.asyncIterator]();
  for (;;) {
    watchdog.waiting();
    const next = await iterator.next().catch(() => undefined);
    if (next === undefined || next.done) return;
    const event = toRecorded(next.value);
    watchdog.given(event.position);
    yield event;
  }
}
