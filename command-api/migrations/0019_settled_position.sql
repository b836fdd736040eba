-- Services that use what a restored vault may still hold of erased people wait until it is settled: its position is the row
-- `settled` of this table.
do $$
begin
  if exists (select from pg_roles where rolname = 'query') then
    grant select on checkpoint to query;
  end if;
  if exists (select from pg_roles where rolname = 'notifier') then
    grant select on checkpoint to notifier;
  end if;
end
$$;
