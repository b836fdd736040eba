-- What became of an erasure, under an id that only those who erased are told. Holds no personal data, and is kept.
create table erasure_receipt (
  receipt uuid primary key,
  user_id uuid not null unique,
  -- Place and time of `UserErasureStarted`.
  position numeric(20) not null,
  started_at timestamptz not null,
  -- One transaction destroys the key, releases the addresses and ends the sessions.
  vault_erased_at timestamptz not null,
  -- No picture or upload is left, and none can be stored any more.
  pictures_deleted_at timestamptz,
  -- The last record with the address is gone: the notice is sent, or has expired.
  mail_records_deleted_at timestamptz,
  -- `UserErased` is in the log.
  finished_at timestamptz,
  -- The files of Postgres hold none of the rows that were deleted before.
  disk_rewritten_at timestamptz
);

-- As before, and notes the time in the receipt of the erasure.
create or replace function end_farewell(farewell_id uuid) returns void
language sql security definer set search_path = public, pg_temp as $$
  with gone as (delete from farewell where id = farewell_id returning id, user_id),
  noted as (
    update erasure_receipt set mail_records_deleted_at = now() from gone
    where erasure_receipt.user_id = gone.user_id and mail_records_deleted_at is null)
  delete from data_key using gone where data_key.subject = gone.id
$$;

do $$
begin
  if exists (select from pg_roles where rolname = 'query') then
    grant select on erasure_receipt to query;
  end if;
end
$$;
