import type { LogEvent } from '../logEvent.js';
import type { Append, AppendOutcome } from './append.js';
import { decideAppend, type Place, type StreamView } from './decideAppend.js';

/** A position is the one before it, this much, and the size of the event's data: as a record in a file would lie. */
const recordOverhead = 100n;
const ticksPerMillisecond = 10_000n;

/** What is known of a stream while a batch is decided: the database's answer, then the batch's own events on top. */
export interface StreamState {
  last: Place | undefined;
  hasMetadata: boolean;
  readonly places: Map<string, Place[]>;
}

export interface Batch {
  /** Everything to write, in the order of the log. */
  readonly events: LogEvent[];
  /** One answer an append, true once the events are committed. */
  readonly outcomes: AppendOutcome[];
}

/**
 * Decides appends one after the other, each seeing what the ones before it will write: their order is the log's order.
 * @param stateOf the state of a stream, the same object every time; changed here.
 * @param head position of the last event of the log.
 * @param now milliseconds since 1970.
 */
export function planBatch(
  appends: readonly Append[],
  stateOf: (stream: Buffer) => StreamState,
  head: bigint,
  now: number,
): Batch {
  const events: LogEvent[] = [];
  let position = head;

  const write = ({ stream, events: proposed }: Append, state: StreamState) => {
    const created = BigInt(now) * ticksPerMillisecond;
    for (const [index, event] of proposed.entries()) {
      position += recordOverhead + BigInt(event.data.length);
      const place = { revision: (state.last?.revision ?? -1n) + 1n, position };
      events.push({ ...event, ...place, stream, created: created + BigInt(index) });
      state.places.set(event.id, [...(state.places.get(event.id) ?? []), place]);
      state.last = place;
    }
    // An empty append finds its place at the end of the log: it writes nothing that could have one of its own.
    return { written: true, revision: state.last?.revision, position } as const;
  };

  const outcomes = appends.map((append): AppendOutcome => {
    const state = stateOf(append.stream);
    const decision = decideAppend(append, viewOf(state));
    if (decision.kind === 'write') return write(append, state);
    if (decision.kind === 'repeat') return { written: true, ...decision.place };
    return { written: false, actual: state.last?.revision };
  });
  return { events, outcomes };
}

const viewOf = (state: StreamState): StreamView => ({
  last: state.last,
  hasMetadata: state.hasMetadata,
  placesOf: (id) => state.places.get(id) ?? [],
});
