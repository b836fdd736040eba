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
   * The events after a position (exclusive), as soon as there is one; or events up to it that the server has sent after newer
   * ones. `behind` when the tail does not hold all of them: they are to be read from the log. `ended` when the subscription
   * has ended, or this reader has left.
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
  const readers = new Map<TailReader, ReaderState>();
  const wakeAll = (): void => {
    for (const { wake } of readers.values()) wake();
  };
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
    wakeAll();
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
      if (recent.add(event) === 'late') for (const reader of readers.values()) addLate(reader, event);
      wakeAll();
    }
  };
  receive().then(
    () => endWith({ reason: 'end' }),
    (error) => endWith({ reason: 'error', error }),
  );

  const join = (): TailReader => {
    const state: ReaderState = { wake: () => undefined, given: undefined, late: [] };
    const isReading = () => readers.has(reader);
    const reader: TailReader = {
      after: async (position) => {
        while (isReading()) {
          const late = state.late.splice(0);
          if (late.length > 0) return late;
          const events = recent.after(position);
          if (events === 'behind') return events;
          state.given = events.at(-1)?.position ?? position;
          if (events.length > 0) return events;
          if (cause !== undefined) break;
          await new Promise<void>((resolve) => {
            state.wake = resolve;
          });
        }
        return 'ended';
      },
      endCause: () => cause ?? { reason: 'end' },
      leave: async () => {
        readers.delete(reader);
        state.wake();
        if (readers.size > 0) return;
        endWith({ reason: 'end' });
        await closing;
      },
    };
    readers.set(reader, state);
    return reader;
  };
  return { join };
};

interface ReaderState {
  wake(): void;
  /** Position up to which the reader has the events, those in `late` excepted. */
  given: bigint | undefined;
  late: RecordedEvent[];
}

/** A reader that has not come to the place of the event yet finds it there. */
const addLate = ({ given, late }: ReaderState, event: RecordedEvent): void => {
  if (given !== undefined && event.position <= given) late.push(event);
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
