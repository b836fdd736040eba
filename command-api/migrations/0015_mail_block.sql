-- Addresses that get no mail, because one came back for good or its recipient complained. A row is deleted when the address is
-- proven again, when its user is erased, and when nobody has or wants the address any more.
create table mail_block (
  mac bytea primary key,
  kind text not null check (kind in ('bounce', 'complaint')),
  at timestamptz not null default now()
);
-- Column statistics keep samples of values, which would remain after their rows are deleted.
alter table mail_block alter column mac set statistics 0;

do $$
begin
  if exists (select from pg_roles where rolname = 'notifier') then
    grant select on mail_block to notifier;
  end if;
end
$$;
