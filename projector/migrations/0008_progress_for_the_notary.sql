-- The notary signs what became of an erasure, and the read models are a step of it.
do $$
begin
  if exists (select from pg_roles where rolname = 'notary') then
    grant usage on schema read to notary;
    grant select on read.checkpoint, read.parked to notary;
  end if;
end
$$;
