import { type AllStreamSubscription, START } from '@eventstore/db-client';
import type { RecordedEvent } from '@ums/contracts/events/event';
import type { LogAddress } from './logClient.js';
import { recentEvents } from './recentEvents.js';
import { type StallOptions, type StallWatchdog, stallWatchdog } from './stallWatchdog.js';
import { toRecorded } from './toRecorded.js';

export interface LiveTailOptions {
  address: LogAddress;
  head: StallOptions['head'];
  /** How often a silent subscription is compared with the head; also the time limit of its confirmation. In ms. */
  stallCheckMs: number;
}

/** Why a subscription ended; fields of the log line. */
export interface EndCause {
  reason: 'error' | 'end' | 'stall';
  error?: unknown;
}

/** One subscription to the live end of a log, for any number of readers. It ends with its last reader. */
export interface LiveTail {
  join(): TailReader;
}

export interface TailReader {
  /**
   * The events after a position (exclusive), as soon as there is one. `behind` when the tail does not hold all of them: they
   * are to be read from the log. `ended` when the subscription has ended, or this reader has left.
   */
  after(position: bigint | undefined): Promise<readonly RecordedEvent[] | 'behind' | 'ended'>;
  endCause(): EndCause;
  /** Resolves when the connection is closed, if this was the last reader. */
  leave(): Promise<void>;
}

/** Events that a subscription buffers for its reader; further events wait on the server. */
const READ_AHEAD = 256;
/** Events held for readers that are slower than the subscription. A reader that falls further behind reads pages. */
const HELD = 512;

/**
 * @param from position after which the subscription begins.
 * @param onEnd called once, after which no reader can join.
 */
export const openLiveTail = (
  { address, head, stallCheckMs }: LiveTailOptions,
  from: bigint | undefined,
  onEnd: () => void,
): LiveTail => {
  const { client, close } = address.open();
  const { credentials } = address;
  const recent = recentEvents(from, HELD);
  const wakeReader = new Map<TailReader, () => void>();
  let cause: EndCause | undefined;
  let closing: Promise<void> = Promise.resolve();

  const endWith = (endCause: EndCause): void => {
    if (cause !== undefined) return;
    cause = endCause;
    clearTimeout(confirmationTimer);
    watchdog.stop();
    // Closes at once: destroying a stream leaves its call open.
    stream.destroy();
    closing = close();
    onEnd();
    for (const wake of wakeReader.values()) wake();
  };
  const onStall = () => endWith({ reason: 'stall' });
  const confirmationTimer = setTimeout(onStall, stallCheckMs);
  const watchdog = stallWatchdog({ after: from, head, everyMs: stallCheckMs, onStall });
  const fromPosition = from === undefined ? START : { commit: from, prepare: from };
  const stream = client.subscribeToAll(
    { credentials, requiresLeader: true, fromPosition },
    { highWaterMark: READ_AHEAD },
  );
  stream.once('confirmation', () => clearTimeout(confirmationTimer));
  // The client reports a lost connection without ending the stream, and once more after the stream was destroyed.
  stream.on('error', (error) => endWith({ reason: 'error', error }));

  const receive = async (): Promise<void> => {
    for await (const event of eventsOf(stream, watchdog)) {
      recent.add(event);
      for (const wake of wakeReader.values()) wake();
    }
  };
  receive().then(
    () => endWith({ reason: 'end' }),
    (error) => endWith({ reason: 'error', error }),
  );

  const join = (): TailReader => {
    const isReading = () => wakeReader.has(reader);
    const reader: TailReader = {
      after: async (position) => {
        while (isReading()) {
          const events = recent.after(position);
          if (events === 'behind' || events.length > 0) return events;
          if (cause !== undefined) break;
          await new Promise<void>((resolve) => wakeReader.set(reader, resolve));
        }
        return 'ended';
      },
      endCause: () => cause ?? { reason: 'end' },
      leave: async () => {
        const wake = wakeReader.get(reader);
        wakeReader.delete(reader);
        wake?.();
        if (wakeReader.size > 0) return;
        endWith({ reason: 'end' });
        await closing;
      },
    };
    wakeReader.set(reader, () => undefined);
    return reader;
  };
  return { join };
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
