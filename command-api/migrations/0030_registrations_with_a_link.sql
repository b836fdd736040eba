-- A registration whose address the link of another one has proven is confirmed at once, and no mail is due for it. So it is not one
-- that a limit kept from being mailed, and a flood of those must not end it before its confirmation.
alter table registration add column with_link boolean not null default false;

create or replace function end_silent_registrations(mac bytea) returns void language plpgsql as $$
declare
  excess uuid[];
begin
  excess := array(
    select id from registration where id in (
      select id from registration
      where address_mac = mac and not registration.mail and not with_link and not resent and completed_at is null
      order by requested_at desc, id offset 10 limit 100)
    for update skip locked);
  -- A statement of its own: it sees claims that were committed before the lock.
  with gone as (
    delete from registration where id = any(excess)
      and not exists (select from account where registration_id = registration.id) returning id)
  delete from data_key using gone where subject = gone.id;
end
$$;
