-- The vault holds what must be unique, revocable or destroyable in one transaction. It is not a read model.

-- Data keys have a table of their own, so that `forget` rewrites little. A row holds either a wrapped key or, once its
-- subject is erased, a tombstone.
create table data_key (
  subject uuid primary key,
  wrapped bytea,
  master_key_id text,
  created_at timestamptz not null default now(),
  erased_at timestamptz,
  check ((wrapped is null) = (erased_at is not null)),
  check ((wrapped is null) = (master_key_id is null))
);

create table account (
  user_id uuid primary key,
  registration_id uuid not null unique,
  status text not null check (status in ('registering', 'active', 'suspended', 'erased')),
  roles text[] not null default '{}',
  revision bigint not null default -1,
  epoch bigint not null default 0,
  sessions_from bigint not null default 0
);
create index account_registering on account (user_id) where status = 'registering';
create index account_admin on account (user_id) where status = 'active' and 'admin' = any (roles);

create table address (
  mac bytea primary key,
  user_id uuid not null references account,
  state text not null default 'current' check (state in ('current', 'held')),
  held_until timestamptz,
  check ((state = 'held') = (held_until is not null))
);
create index address_user on address (user_id);

create table registration (
  id uuid primary key,
  address_mac bytea not null,
  requested_at timestamptz not null default now(),
  expires_at timestamptz not null,
  completed_at timestamptz,
  -- false: over a mail limit. The request gets the same work and answer, but the notifier sends no mail for it.
  mail boolean not null default true
);
create index registration_address on registration (address_mac, requested_at desc);
create index registration_expiry on registration (expires_at);

create table session (
  id uuid primary key,
  user_id uuid not null references account,
  epoch bigint not null,
  generation integer not null default 0,
  started_at timestamptz not null default now(),
  rotated_at timestamptz not null default now(),
  expires_at timestamptz not null
);
create index session_of_user on session (user_id);
create index session_expiry on session (expires_at);

-- Inserts take an advisory lock and come last in their transaction, so that ids become visible in ascending order.
create table revocation (
  id bigint generated always as identity primary key,
  user_id uuid not null,
  session_id uuid,
  epoch bigint,
  at timestamptz not null default now(),
  check ((session_id is null) <> (epoch is null))
);
create index revocation_at on revocation (at);

-- One row per mail sent, failed attempt, or attempt in flight. Account and source are keyed hashes.
create table attempt (
  id bigint generated always as identity primary key,
  account bytea not null,
  source bytea not null,
  at timestamptz not null default now(),
  state text not null check (state in ('in-flight', 'failed', 'mail'))
);
create index attempt_account on attempt (account, at);
create index attempt_source on attempt (source, at);
create index attempt_at on attempt (at);

create table mail_request (
  id uuid primary key,
  purpose text not null,
  address_mac bytea not null,
  expires_at timestamptz not null
);
create index mail_request_expiry on mail_request (expires_at);

-- Erasure notices: the last address of an erased user, kept until the final mail is sent or the row expires. Sealed under
-- a data key of its own (subject = id), at the place given by `erasureNoticePlace` in contracts.
create table farewell (
  id uuid primary key,
  user_id uuid not null unique,
  address text not null,
  expires_at timestamptz not null
);

-- Deletes a notice together with its data key. `security definer`: the notifier may call this but delete no other key.
create function end_farewell(farewell_id uuid) returns void
language sql security definer set search_path = public, pg_temp as $$
  with gone as (delete from farewell where id = farewell_id returning id)
  delete from data_key using gone where data_key.subject = gone.id
$$;
revoke execute on function end_farewell(uuid) from public;

create table erasure (
  user_id uuid primary key,
  started_at timestamptz not null default now()
);

create table checkpoint (
  name text primary key,
  position numeric(20) not null,
  event_id uuid,
  log_id uuid not null
);

create table log_identity (
  singleton boolean primary key default true check (singleton),
  log_id uuid not null
);

-- Sealed check values, so that a wrong secret is found at the start and not when the first user is read.
create table secret_check (
  name text primary key,
  value text not null
);

-- Column statistics keep samples of values, which would remain after their rows are deleted.
alter table data_key alter column wrapped set statistics 0;
alter table address alter column mac set statistics 0;
alter table registration alter column address_mac set statistics 0;
alter table attempt alter column account set statistics 0, alter column source set statistics 0;
alter table mail_request alter column address_mac set statistics 0;
alter table farewell alter column address set statistics 0;

do $$
begin
  if exists (select from pg_roles where rolname = 'projector') then
    grant select on data_key, log_identity, secret_check to projector;
  end if;
  if exists (select from pg_roles where rolname = 'notifier') then
    grant select on data_key, address, account, registration, mail_request, farewell, log_identity, secret_check to notifier;
    grant execute on function end_farewell(uuid) to notifier;
  end if;
  if exists (select from pg_roles where rolname = 'query') then
    grant select on data_key, revocation, log_identity, secret_check to query;
  end if;
end
$$;
