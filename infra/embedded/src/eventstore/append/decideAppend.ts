import type { Append } from './append.js';

export interface EventLocation {
  readonly revision: bigint;
  readonly position: bigint;
}

/** The state of a stream that a decision depends on, including the appends decided before it in the same batch. */
export interface StreamView {
  readonly last: EventLocation | undefined;
  /** Whether the stream has ended for ever. */
  readonly isTombstoned: boolean;
  /** Whether the stream's metadata hides all of its events. */
  readonly isSoftDeleted: boolean;
  /** Whether the stream's metadata stream has events. */
  readonly hasMetadata: boolean;
  /** Locations of the events with this id in the stream, oldest first. */
  locationsOf(id: string): readonly EventLocation[];
}

/**
 * `repeat`: the same append was written before; `location` is that of its last event. `deleted`: refused because of the
 * stream's deletion.
 */
export type Decision =
  | { readonly kind: 'write' }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'deleted' }
  | { readonly kind: 'repeat'; readonly location: EventLocation };

const write: Decision = { kind: 'write' };
const refuse: Decision = { kind: 'refuse' };
const deleted: Decision = { kind: 'deleted' };
const NO_STREAM = -1n;

/**
 * Decides whether an append is written, refused, or a repeat of an earlier one, by the rules measured on EventStoreDB
 * 24.2. With an exact expected revision it is a repeat when exactly its events follow that revision; otherwise when the
 * stream contains all of its events. A soft-deleted stream counts as existing, except that `no_stream` may continue it.
 */
export const decideAppend = ({ expected, events }: Append, view: StreamView): Decision => {
  if (view.isTombstoned || (expected === 'stream_exists' && view.isSoftDeleted)) return deleted;
  const current = view.last?.revision ?? NO_STREAM;
  if (expected === 'any') return writeOrRepeat(events, view);
  if (expected === 'stream_exists') return view.last || view.hasMetadata ? writeOrRepeat(events, view) : refuse;
  const after = expected === 'no_stream' ? NO_STREAM : expected;
  if (after === current) return write;
  if (after > current) return refuse;
  if (expected === 'no_stream' && view.isSoftDeleted && isNew(events[0], view)) return write;
  return repeatAfter(events, after, view);
};

/** Whether an event is not the first one of the stream. */
const isNew = (event: Append['events'][number] | undefined, view: StreamView): boolean =>
  event !== undefined && !view.locationsOf(event.id).some(({ revision }) => revision === 0n);

const writeOrRepeat = (events: Append['events'], view: StreamView): Decision => {
  const locations = events.map(({ id }) => view.locationsOf(id)[0]);
  return locations[0] === undefined ? write : repeatAt(locations);
};

const repeatAfter = (events: Append['events'], after: bigint, view: StreamView): Decision => {
  const locations = events.map(({ id }, index) =>
    view.locationsOf(id).find(({ revision }) => revision === after + 1n + BigInt(index)),
  );
  return repeatAt(locations);
};

const repeatAt = (locations: readonly (EventLocation | undefined)[]): Decision => {
  const location = locations.at(-1);
  return location && !locations.includes(undefined) ? { kind: 'repeat', location } : refuse;
};
