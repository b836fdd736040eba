-- Requests to change an address. The row has what the mailed link is verified with, also after the change took effect, so that
-- a repeat is recognized.
create table email_change (
  id uuid primary key,
  user_id uuid not null references account,
  address_mac bytea not null,
  expires_at timestamptz not null,
  -- false: over a mail limit. The request gets the same work and answer, but the notifier sends no link for it.
  mail boolean not null default true
);
create index email_change_user on email_change (user_id);
create index email_change_address on email_change (address_mac);
create index email_change_expiry on email_change (expires_at);
alter table email_change alter column address_mac set statistics 0;

-- Revision of the last event settled into the row that changed the address.
alter table account add column address_from bigint not null default 0;

-- `claimed`: reserved for a change whose event may not be in the log yet. `change_id` and `undoes` say which event; `claim`
-- is new at every claim, so that a sweep releases no claim that was renewed meanwhile.
alter table address drop constraint address_state_check;
alter table address
  add constraint address_state_check check (state in ('current', 'held', 'claimed')),
  add column change_id uuid,
  add column undoes boolean,
  add column claim uuid,
  add column claimed_at timestamptz,
  add constraint address_claim_check
    check ((state = 'claimed') = (num_nonnulls(change_id, undoes, claim, claimed_at) = 4)),
  add constraint address_no_claim_check
    check ((state <> 'claimed') = (num_nulls(change_id, undoes, claim, claimed_at) = 4));
create index address_held on address (held_until) where state = 'held';
create index address_claimed on address (claimed_at) where state = 'claimed';

-- Reserves an address for a user, before the event that gives it to them is appended. `taken`: another user has it, also one
-- who may have it back. `ended`: the account is erased. The current address of the user stays as it is.
create function claim_address(wanted bytea, claiming_user uuid, claimed_change uuid, is_undo boolean)
returns text language plpgsql as $$
begin
  -- Locks the account first, as every transaction about an account does.
  perform from account where user_id = claiming_user and status in ('active', 'suspended') for no key update;
  if not found then
    return 'ended';
  end if;
  insert into address (mac, user_id, state, change_id, undoes, claim, claimed_at)
    values (wanted, claiming_user, 'claimed', claimed_change, is_undo, gen_random_uuid(), now())
    on conflict (mac) do update
      set state = 'claimed', held_until = null, change_id = excluded.change_id, undoes = excluded.undoes,
          claim = excluded.claim, claimed_at = excluded.claimed_at
      where address.user_id = excluded.user_id and address.state <> 'current';
  return case when exists (select from address where mac = wanted and user_id = claiming_user) then 'claimed' else 'taken' end;
end
$$;
revoke execute on function claim_address(bytea, uuid, uuid, boolean) from public;

do $$
begin
  if exists (select from pg_roles where rolname = 'notifier') then
    grant select on email_change to notifier;
  end if;
end
$$;
