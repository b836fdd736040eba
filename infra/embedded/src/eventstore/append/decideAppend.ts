import type { Append } from './append.js';

export interface Place {
  readonly revision: bigint;
  readonly position: bigint;
}

/** What a decision needs to know of a stream, with everything decided before it. */
export interface StreamView {
  readonly last: Place | undefined;
  readonly hasMetadata: boolean;
  /** Where events of this id stand in the stream, oldest first. */
  placesOf(id: string): readonly Place[];
}

export type Decision =
  | { readonly kind: 'write' }
  | { readonly kind: 'refuse' }
  | { readonly kind: 'repeat'; readonly place: Place };

const write: Decision = { kind: 'write' };
const refuse: Decision = { kind: 'refuse' };
const noStream = -1n;

/**
 * Whether an append is written, refused, or met by its own earlier self (rules measured on EventStoreDB 24.2).
 * With an exact expectation it is a repeat when the events that follow the expected revision are the very same ones;
 * otherwise when all its events are in the stream, and the answer is where the last one stands.
 */
export function decideAppend({ expected, events }: Append, view: StreamView): Decision {
  const current = view.last?.revision ?? noStream;
  if (expected === 'any') return unlessKnown(events, view);
  if (expected === 'stream_exists') return view.last || view.hasMetadata ? unlessKnown(events, view) : refuse;
  const after = expected === 'no_stream' ? noStream : expected;
  if (after === current) return write;
  if (after > current) return refuse;
  return follows(events, after, view);
}

function unlessKnown(events: Append['events'], view: StreamView): Decision {
  const places = events.map(({ id }) => view.placesOf(id)[0]);
  if (places[0] === undefined) return write;
  const place = places.at(-1);
  return place && !places.includes(undefined) ? { kind: 'repeat', place } : refuse;
}

function follows(events: Append['events'], after: bigint, view: StreamView): Decision {
  const places = events.map(({ id }, index) =>
    view.placesOf(id).find(({ revision }) => revision === after + 1n + BigInt(index)),
  );
  const place = places.at(-1);
  return place && !places.includes(undefined) ? { kind: 'repeat', place } : refuse;
}
