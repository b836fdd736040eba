-- What is read: rows folded from the event log. Everything here can be dropped and folded again.

-- How far each projection has come. A row is moved only by the transaction that wrote what the position stands for.
create table read.checkpoint (
  name text primary key,
  -- -1 before the first event.
  position numeric(20) not null,
  event_id uuid,
  log_id uuid not null
);

-- Keys whose events could not be applied: no content, only where and why.
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
  -- Milliseconds, as events have them: page cursors carry this value as text.
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
