-- How many of the leaves are of streams whose events may expire. One row, written with the leaves. A tree that was made before
-- this table has none: its checkpoints state no number.
create table notary.expirable (
  is_only boolean primary key default true check (is_only),
  size bigint not null,
  leaves bigint not null check (leaves between 0 and size)
);
