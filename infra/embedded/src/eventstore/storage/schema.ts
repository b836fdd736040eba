/**
 * One row an event; a stream is nothing but its rows. `bigint`, not `numeric`: this engine counts its own positions.
 * A stream is indexed by a digest of its name, because a name may be longer than an index entry can be.
 */
export const createSchema = `
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
