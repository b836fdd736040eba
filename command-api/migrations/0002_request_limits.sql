-- Requests per source and route in one window of time. The source is a keyed hash, bound to the route. A process adds the
-- requests of a source in batches, so the table has rows only for sources that send many.
create table request_count (
  source bytea not null,
  ends timestamptz not null,
  requests integer not null,
  primary key (source, ends)
);
create index request_count_ends on request_count (ends);

-- Column statistics keep samples of values, which would remain after their rows are deleted.
alter table request_count alter column source set statistics 0;
