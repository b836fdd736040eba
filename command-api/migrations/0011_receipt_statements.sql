-- What the notary has signed of each receipt. The rows are made here, and filled by the notary: it looks at those that are due,
-- so that a receipt costs nothing while it cannot have changed.
create table receipt_statement (
  receipt uuid primary key references erasure_receipt on delete cascade,
  -- C2SP signed note; null before the first one.
  note text,
  -- When the notary looks at the receipt next; null once a complete receipt is signed.
  look_at timestamptz default now()
);
create index receipt_statement_look_at on receipt_statement (look_at) where look_at is not null;
insert into receipt_statement (receipt) select receipt from erasure_receipt;

-- Adds to the requests that a source has sent in a window, for services that may not write into the vault otherwise.
-- @returns the requests that all processes have reported.
create function add_requests(source bytea, ends timestamptz, requests integer) returns integer
language sql security definer set search_path = public, pg_temp as $$
  insert into request_count as counted (source, ends, requests) values ($1, $2, greatest($3, 0))
  on conflict (source, ends) do update set requests = counted.requests + excluded.requests
  returning counted.requests
$$;
revoke all on function add_requests from public;

do $$
begin
  if exists (select from pg_roles where rolname = 'notary') then
    grant select on erasure_receipt, log_identity to notary;
    grant select, update (note, look_at) on receipt_statement to notary;
  end if;
  if exists (select from pg_roles where rolname = 'query') then
    grant select on receipt_statement to query;
    grant execute on function add_requests to query;
  end if;
  if exists (select from pg_roles where rolname = 'notifier') then
    grant select (receipt, user_id) on erasure_receipt to notifier;
  end if;
end
$$;
