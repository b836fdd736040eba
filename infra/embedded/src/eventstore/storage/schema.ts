import { createHash } from 'node:crypto';

/**
 * The event log's schema: one row for each event, no table of streams. `position` is a `bigint` because this server
 * assigns positions itself. Streams are indexed by `streamKey`, because a name may exceed the size limit of index entries.
 */
export const CREATE_SCHEMA = `
create table if not exists log_event (
  position bigint primary key,
  stream_key bytea not null,
  revision bigint not null,
  id uuid not null,
  stream bytea not null,
  type bytea not null,
  json boolean not null,
  created bigint not null,
  metadata bytea not null,
  data bytea not null,
  unique (stream_key, revision)
);
create index if not exists log_event_id on log_event (stream_key, id);
`;

/** The key of a stream in indexes: the first 128 bits of the SHA-256 of its name. */
export const streamKey = (stream: Buffer): Buffer => createHash('sha256').update(stream).digest().subarray(0, 16);
