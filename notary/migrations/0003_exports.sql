-- Exports hold the proof of a history, which command-api makes.
do $$
begin
  if exists (select from pg_roles where rolname = 'command') then
    grant usage on schema notary to command;
    grant select on notary.tile, notary.leaf, notary.checkpoint to command;
  end if;
end
$$;
