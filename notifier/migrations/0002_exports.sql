-- Exports list the mails to a user, which are about the user, the registration or a change of the address.
create index mail_about on mail (about);

do $$
begin
  if exists (select from pg_roles where rolname = 'command') then
    grant usage on schema notifier to command;
    grant select (event_id, about, state, at) on mail to command;
  end if;
end
$$;
