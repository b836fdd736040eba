import type { NewEvent } from '../storage/writerConnection.js';
import type { Append, AppendOutcome } from './append.js';
import { decideAppend, type Place, type StreamView } from './decideAppend.js';

/** A position is the one before it, this much, and the size of the event's data: as a record in a file would lie. */
const recordOverhead = 100n;
const ticksPerMillisecond = 10_000n;

/** What is known of a stream while a batch is decided: the database's answer, then the batch's own events on top. */
export interface StreamState {
  readonly streamKey: Buffer;
  last: Place | undefined;
  hasMetadata: boolean;
  readonly places: Map<string, Place[]>;
}

export interface Batch {
  /** Everything to write, in the order of the log. */
  readonly events: NewEvent[];
  /** One answer an append, true once the events are committed. */
  readonly outcomes: AppendOutcome[];
}

/**
 * Decides appends one after the other, each seeing what the ones before it will write: their order is the log's order.
 * @param states one an append, shared by appends to the same stream; changed here.
 * @param head position of the last event of the log.
 * @param now milliseconds since 1970.
 */
export function planBatch(
  appends: readonly Append[],
  states: readonly StreamState[],
  head: bigint,
  now: number,
): Batch {
  const events: NewEvent[] = [];
  const created = BigInt(now) * ticksPerMillisecond;
  let position = head;

  const write = ({ stream, events: proposed }: Append, state: StreamState) => {
    for (const [index, event] of proposed.entries()) {
      position += recordOverhead + BigInt(event.data.length);
      const place = { revision: (state.last?.revision ?? -1n) + 1n, position };
      events.push({ ...event, ...place, stream, streamKey: state.streamKey, created: created + BigInt(index) });
      state.places.set(event.id, [...(state.places.get(event.id) ?? []), place]);
      state.last = place;
    }
    // An empty append finds its place at the end of the log: it writes nothing that could have one of its own.
    return { written: true, revision: state.last?.revision, position } as const;
  };

  const outcomes: AppendOutcome[] = [];
  for (const [index, append] of appends.entries()) {
    const state = states[index];
    if (!state) throw new Error('an append was planned without the state of its stream');
    const decision = decideAppend(append, viewOf(state));
    if (decision.kind === 'write') outcomes.push(write(append, state));
    else if (decision.kind === 'repeat') outcomes.push({ written: true, ...decision.place });
    else outcomes.push({ written: false, actual: state.last?.revision });
  }
  return { events, outcomes };
}

const viewOf = (state: StreamState): StreamView => ({
  last: state.last,
  hasMetadata: state.hasMetadata,
  placesOf: (id) => state.places.get(id) ?? [],
});
