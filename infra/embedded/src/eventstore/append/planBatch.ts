import { randomUUID } from 'node:crypto';
import { LARGEST_POSITION } from '../recordedEvent.js';
import type { NewEvent } from '../storage/writerConnection.js';
import { withTruncateBefore } from '../streamMetadata.js';
import type { Append, AppendOutcome, ProposedEvent } from './append.js';
import { decideAppend } from './decideAppend.js';
import { metadataEvent } from './metadataEvent.js';
import { type AppendState, nextRevision, type StreamState, softDeleteIn, viewOf } from './streamFamily.js';

/** A position is the previous one plus this and the size of the event's data, like a byte offset in a file. */
const RECORD_OVERHEAD = 100n;
const TICKS_PER_MILLISECOND = 10_000n;

export interface Batch {
  /** The events to write, in log order. */
  readonly events: NewEvent[];
  /** One outcome for each append, by index; valid once the events are committed. */
  readonly outcomes: AppendOutcome[];
}

/**
 * Decides appends in order. Each decision includes the events that the previous appends will write.
 * @param states one for each append, by index; appends to the same stream share theirs, which is mutated here.
 * @param head position of the last event in the log.
 * @param now milliseconds since 1970.
 */
export const planBatch = (
  appends: readonly Append[],
  states: readonly AppendState[],
  head: bigint,
  now: number,
): Batch => {
  const events: NewEvent[] = [];
  let position = head;

  /** Adds the events of one append to the batch. They are created one tick apart. */
  const recorder = ({ family }: AppendState) => {
    let created = BigInt(now) * TICKS_PER_MILLISECOND;
    return (state: StreamState, event: ProposedEvent, revision = nextRevision(state)): void => {
      position += RECORD_OVERHEAD + BigInt(event.data.length);
      const location = { revision, position };
      events.push({ ...event, ...location, stream: state.name, streamKey: state.streamKey, created });
      created += 1n;
      state.locations.set(event.id, [...(state.locations.get(event.id) ?? []), location]);
      state.last = location;
      if (state === family.metadata) family.softDelete = softDeleteIn(event);
    };
  };

  const write = (append: Append, state: AppendState): AppendOutcome => {
    const { family, target } = state;
    const record = recorder(state);
    const { softDelete } = family;
    const firstShown = nextRevision(family.stream);
    for (const event of append.events) record(target, event);
    // An empty append writes nothing, so it is answered with the position of the end of the log.
    const outcome = { written: true, revision: target.last?.revision, position } as const;
    if (softDelete === undefined) return outcome;
    // The stream is shown again, without its events from before: also when the append only sets its metadata.
    const latest = (target === family.metadata && append.events.at(-1)?.data) || softDelete;
    const shown = withTruncateBefore(latest, firstShown);
    if (shown) record(family.metadata, metadataEvent(randomUUID(), shown));
    return outcome;
  };

  const remove = ({ deletes, events: [event] }: Append, state: AppendState): AppendOutcome => {
    const { stream, metadata } = state.family;
    const isMissing = stream.last === undefined && metadata.last === undefined;
    if (!event || (deletes === 'softly' && isMissing)) return { written: false, actual: undefined };
    if (deletes === 'softly') recorder(state)(metadata, event);
    else recorder(state)(stream, event, LARGEST_POSITION);
    return { written: true, revision: stream.last?.revision, position };
  };

  const outcomes: AppendOutcome[] = [];
  for (const [index, append] of appends.entries()) {
    const state = states[index];
    if (!state) throw new Error('the state of a stream is missing');
    const decision = decideAppend(append, viewOf(state));
    if (decision.kind === 'write') outcomes.push(append.deletes ? remove(append, state) : write(append, state));
    else if (decision.kind === 'repeat') outcomes.push({ written: true, ...decision.location });
    else if (decision.kind === 'deleted') outcomes.push('stream deleted');
    else outcomes.push({ written: false, actual: state.target.last?.revision });
  }
  return { events, outcomes };
};
