-- How far the reconciler has come with setting the maximum age of the sign-in streams of all users. One row.
create table sign_in_limit (
  is_only boolean primary key default true check (is_only),
  -- The age that is being set, or is set.
  days integer not null,
  -- Ages that were set before: a stream that has one of them gets the new one.
  replaced integer[] not null default '{}',
  -- Streams of users up to this id are done.
  after_user uuid not null default '00000000-0000-0000-0000-000000000000',
  finished boolean not null default false
);
