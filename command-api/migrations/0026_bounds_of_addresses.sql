-- A later request for the mail named it: its link may be in a mailbox.
alter table registration add column resent boolean not null default false;

-- A registration over the mail limit of its address gets no mail, and only the newest of an address counts at a log-in. Kept all,
-- they would let strangers fill the vault with rows of one address, until the erasure of its owner takes longer than a statement
-- may. Ends the oldest that are more than ten, a hundred at a time.
create function end_silent_registrations(mac bytea) returns void language plpgsql as $$
declare
  excess uuid[];
begin
  excess := array(
    select id from registration where id in (
      select id from registration where address_mac = mac and not registration.mail and not resent and completed_at is null
      order by requested_at desc, id offset 10 limit 100)
    for update skip locked);
  -- A statement of its own: it sees claims that were committed before the lock.
  with gone as (
    delete from registration where id = any(excess)
      and not exists (select from account where registration_id = registration.id) returning id)
  delete from data_key using gone where subject = gone.id;
end
$$;
revoke execute on function end_silent_registrations(bytea) from public;

-- Mails count for an hour, and failures for a day.
create index attempt_mail_at on attempt (at) where state in ('mail', 'silent');
