-- From this call on, no data key can be stored under this master key; those that are there may stay, and may be erased. The
-- constraint is checked later, without a lock that keeps others from writing: that check is the proof that none is left.
create function retire_master_key(retired text) returns void language plpgsql as $$
begin
  if not exists (
    select from pg_constraint where conrelid = 'data_key'::regclass and conname = 'retired ' || retired
  ) then
    execute format('alter table data_key add constraint %I check (master_key_id <> %L) not valid',
      'retired ' || retired, retired);
  end if;
end
$$;
revoke execute on function retire_master_key(text) from public;

-- Fails with SQLSTATE 23514 while a data key is left under this master key.
create function prove_retired_master_key(retired text) returns void language plpgsql as $$
begin
  execute format('alter table data_key validate constraint %I', 'retired ' || retired);
end
$$;
revoke execute on function prove_retired_master_key(text) from public;

-- What the links of mails from before a replacement of ADDRESS_KEY are verified with. It goes with the row; in `address`, which
-- has rows that stay, it is removed once the last such link has expired.
alter table registration add column former_mac bytea;
alter table email_change add column former_mac bytea;
alter table address
  add column former_mac bytea,
  add column former_until timestamptz,
  add constraint address_former_check check ((former_mac is null) = (former_until is null));
create index address_former on address (former_until) where former_until is not null;

-- The MACs of addresses under a new ADDRESS_KEY, while they are being computed. Readers see none of them before all are there.
create table address_rewrite (
  old_mac bytea primary key,
  new_mac bytea not null,
  -- When the last link that was mailed to the address, and undoes a change, expires.
  former_until timestamptz
);

-- Column statistics keep samples of values, which would remain after their rows are deleted.
alter table registration alter column former_mac set statistics 0;
alter table email_change alter column former_mac set statistics 0;
alter table address alter column former_mac set statistics 0;
alter table address_rewrite alter column old_mac set statistics 0, alter column new_mac set statistics 0;
