-- When the notary has seen that the read models and the topic of states had come past an erasure: their checkpoints say that they
-- have, and not when.
alter table receipt_statement
  add column read_models_at timestamptz,
  add column topic_tombstone_at timestamptz;

do $$
begin
  if exists (select from pg_roles where rolname = 'notary') then
    grant update (read_models_at, topic_tombstone_at) on receipt_statement to notary;
  end if;
end
$$;
