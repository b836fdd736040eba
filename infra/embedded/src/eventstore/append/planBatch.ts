import type { NewEvent } from '../storage/writerConnection.js';
import type { Append, AppendOutcome } from './append.js';
import { decideAppend, type EventLocation, type StreamView } from './decideAppend.js';

/** A position is the previous one plus this and the size of the event's data, like a byte offset in a file. */
const RECORD_OVERHEAD = 100n;
const TICKS_PER_MILLISECOND = 10_000n;

/** The state of a stream while a batch is decided: as read from the database, then updated with the events of the batch. */
export interface StreamState {
  readonly streamKey: Buffer;
  last: EventLocation | undefined;
  hasMetadata: boolean;
  readonly locations: Map<string, EventLocation[]>;
}

export interface Batch {
  /** The events to write, in log order. */
  readonly events: NewEvent[];
  /** One outcome for each append, by index; valid once the events are committed. */
  readonly outcomes: AppendOutcome[];
}

/**
 * Decides appends in order. Each decision includes the events that the previous appends will write.
 * @param states one for each append, by index; shared by appends to the same stream and mutated here.
 * @param head position of the last event in the log.
 * @param now milliseconds since 1970.
 */
export const planBatch = (
  appends: readonly Append[],
  states: readonly StreamState[],
  head: bigint,
  now: number,
): Batch => {
  const events: NewEvent[] = [];
  const created = BigInt(now) * TICKS_PER_MILLISECOND;
  let position = head;

  const write = ({ stream, events: proposed }: Append, state: StreamState) => {
    for (const [index, event] of proposed.entries()) {
      position += RECORD_OVERHEAD + BigInt(event.data.length);
      const location = { revision: (state.last?.revision ?? -1n) + 1n, position };
      events.push({ ...event, ...location, stream, streamKey: state.streamKey, created: created + BigInt(index) });
      state.locations.set(event.id, [...(state.locations.get(event.id) ?? []), location]);
      state.last = location;
    }
    // An empty append writes nothing, so it is answered with the position of the end of the log.
    return { written: true, revision: state.last?.revision, position } as const;
  };

  const outcomes: AppendOutcome[] = [];
  for (const [index, append] of appends.entries()) {
    const state = states[index];
    if (!state) throw new Error('the state of a stream is missing');
    const decision = decideAppend(append, viewOf(state));
    if (decision.kind === 'write') outcomes.push(write(append, state));
    else if (decision.kind === 'repeat') outcomes.push({ written: true, ...decision.location });
    else outcomes.push({ written: false, actual: state.last?.revision });
  }
  return { events, outcomes };
};

const viewOf = (state: StreamState): StreamView => ({
  last: state.last,
  hasMetadata: state.hasMetadata,
  locationsOf: (id) => state.locations.get(id) ?? [],
});
