-- The read model: rows folded from the event log. All tables here can be dropped and rebuilt from it.

-- Position of each projection in the event log. It moves only in the transaction that writes the rows for that position.
create table read.checkpoint (
  name text primary key,
  -- -1 before the first event is handled.
  position numeric(20) not null,
  event_id uuid,
  log_id uuid not null
);

-- Keys whose events could not be applied. Holds the position and the reason of the failure, never event content.
create table read.parked (
  projection text not null,
  key uuid not null,
  position numeric(20) not null,
  reason text not null,
  at timestamptz not null default now(),
  primary key (projection, key)
);
create index parked_at on read.parked (projection, at);

create table read.user_profile_v1 (
  user_id uuid primary key,
  email text not null,
  name text not null,
  status text not null check (status in ('active', 'suspended')),
  roles text[] not null,
  -- Millisecond precision, as in events: page cursors carry this value as text.
  registered_at timestamptz(3) not null,
  revision numeric(20) not null,
  position numeric(20) not null
);
create index user_profile_v1_registered on read.user_profile_v1 (registered_at, user_id);

do $$
begin
  if exists (select from pg_roles where rolname = 'query') then
    grant usage on schema read to query;
    grant select on read.user_profile_v1, read.checkpoint, read.parked to query;
  end if;
end
$$;
