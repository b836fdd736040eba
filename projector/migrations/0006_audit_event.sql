-- One row for each event of this service's streams, for the feed of events. Nothing personal: ids of people stay in the log
-- after an erasure, too. Rows are only inserted.
create table read.audit_event_v1 (
  position numeric(20) primary key,
  event_id uuid not null,
  -- The user whom the event concerns, if it concerns one.
  user_id uuid,
  type text collate "C" not null,
  actor_kind text not null check (actor_kind in ('user', 'admin', 'auditor', 'service', 'anonymous')),
  -- A user id, or the name of a service.
  actor_id text collate "C",
  -- Nearly in the order of positions: writers have clocks of their own.
  at timestamptz(3) not null,
  correlation_id uuid not null
);
-- A page follows one of these from its cursor on.
create index audit_event_v1_user on read.audit_event_v1 (user_id, position) where user_id is not null;
create index audit_event_v1_actor on read.audit_event_v1 (actor_id, position) where actor_id is not null;
create index audit_event_v1_type on read.audit_event_v1 (type, position);
create index audit_event_v1_correlation on read.audit_event_v1 (correlation_id, position);

-- The first and the last position of the events of each minute, hour, day and 32 days that has events. It turns a range of
-- times into a range of positions, however far apart two clocks are: a wrong time widens only the spans that it falls into.
create table read.audit_span_v1 (
  -- Length of the span.
  minutes integer not null,
  -- Minutes since 1970, divided by the length.
  number bigint not null,
  first_position numeric(20) not null,
  last_position numeric(20) not null,
  primary key (minutes, number)
);

create function read.add_to_audit_spans() returns trigger language plpgsql as $$
begin
  insert into read.audit_span_v1 as stored (minutes, number, first_position, last_position)
    select minutes, floor(extract(epoch from at) / (60 * minutes))::bigint as number, min(position), max(position)
    from added cross join unnest('{1,60,1440,46080}'::integer[]) as length (minutes)
    group by minutes, floor(extract(epoch from at) / (60 * minutes))::bigint
    order by minutes, number
    on conflict (minutes, number) do update set
      first_position = least(stored.first_position, excluded.first_position),
      last_position = greatest(stored.last_position, excluded.last_position);
  return null;
end
$$;

create trigger add_to_audit_spans after insert on read.audit_event_v1
  referencing new table as added for each statement execute function read.add_to_audit_spans();

do $$
begin
  if exists (select from pg_roles where rolname = 'query') then
    grant select on read.audit_event_v1, read.audit_span_v1 to query;
  end if;
end
$$;
