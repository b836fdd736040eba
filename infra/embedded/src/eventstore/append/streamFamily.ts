import { LARGEST_POSITION } from '../recordedEvent.js';
import { streamKey } from '../storage/schema.js';
import { isSoftDeleted, parseStreamMetadata } from '../streamMetadata.js';
import { describedStream, metadataStreamOf } from '../streamNames.js';
import type { Append, ProposedEvent } from './append.js';
import type { EventLocation, StreamView } from './decideAppend.js';
import type { FamilyHeads } from './familyHeads.js';

/** The state of a stream while a batch is decided: as read from the database, then updated with the events of the batch. */
export interface StreamState {
  readonly name: Buffer;
  readonly streamKey: Buffer;
  last: EventLocation | undefined;
  readonly locations: Map<string, EventLocation[]>;
}

/** A stream and its metadata stream, each of which decides on appends to the other. */
export interface StreamFamily {
  readonly stream: StreamState;
  readonly metadata: StreamState;
  /** Data of the last metadata event when it soft-deletes the stream. */
  softDelete: Buffer | undefined;
}

/** What an append is decided on. */
export interface AppendState {
  readonly family: StreamFamily;
  /** The member of the family that the append names. */
  readonly target: StreamState;
}

/** The stream that the family of a stream is called after. */
export const familyOf = ({ stream }: Append): Buffer => describedStream(stream) ?? stream;

const emptyState = (name: Buffer): StreamState => ({
  name,
  streamKey: streamKey(name),
  last: undefined,
  locations: new Map(),
});

/** A family without events. */
export const emptyFamily = (stream: Buffer): StreamFamily => ({
  stream: emptyState(stream),
  metadata: emptyState(metadataStreamOf(stream)),
  softDelete: undefined,
});

export const setHeads = (family: StreamFamily, { last, metadata, softDelete }: FamilyHeads): void => {
  family.stream.last = last;
  family.metadata.last = metadata;
  family.softDelete = softDelete;
};

/** The data of a metadata event when it soft-deletes its stream. */
export const softDeleteIn = ({ json, data }: Pick<ProposedEvent, 'json' | 'data'>): Buffer | undefined =>
  json && isSoftDeleted(parseStreamMetadata(data)) ? data : undefined;

export const nextRevision = ({ last }: StreamState): bigint => (last?.revision ?? -1n) + 1n;

export const isTombstoned = ({ stream }: StreamFamily): boolean => stream.last?.revision === LARGEST_POSITION;

/** What decides on an append to the target. A metadata stream is deleted with its stream, and has no metadata. */
export const viewOf = ({ family, target }: AppendState): StreamView => ({
  last: target.last,
  isTombstoned: isTombstoned(family),
  isSoftDeleted: target === family.stream && family.softDelete !== undefined,
  hasMetadata: target === family.stream && family.metadata.last !== undefined,
  locationsOf: (id) => target.locations.get(id) ?? [],
});
