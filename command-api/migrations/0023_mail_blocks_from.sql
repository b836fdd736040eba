-- Revision of the last event settled into the mail blocks of the user's addresses. Accounts from before are settled into it with
-- their next event.
alter table account add column mail_blocks_from bigint not null default 0;

-- As in 0004, and ends the mail block of the address under the lock of the registration.
create or replace function claim_registration(
  claimed_id uuid, claiming_user uuid, new_key bytea, new_key_id text, claimed_when timestamptz,
  out outcome text, out key_stored boolean
) language plpgsql as $$
declare
  account_status text;
  claimed registration;
begin
  key_stored := false;
  -- Locks the account first, as every transaction about an account does.
  select status into account_status from account where user_id = claiming_user for no key update;
  select * into claimed from registration where id = claimed_id and expires_at > claimed_when for update;
  if account_status = 'erased' or claimed.id is null then
    outcome := 'ended';
    return;
  end if;
  outcome := case when claimed.completed_at is null then 'claimed' else 'completed' end;
  -- An active account may have changed its address since; claiming again would give it the old one back.
  if outcome = 'completed' or account_status <> 'registering' then
    return;
  end if;
  if account_status is null then
    -- Does not wait for a parallel confirmation, which may hold the account's lock and wait for the registration's.
    insert into account (user_id, registration_id, status) values (claiming_user, claimed_id, 'registering')
      on conflict do nothing;
  else
    -- A repeat renews the claim, so that the reconciler leaves the registration to it.
    update account set claimed_at = now() where user_id = claiming_user;
  end if;
  insert into data_key (subject, wrapped, master_key_id) values (claiming_user, new_key, new_key_id) on conflict do nothing;
  key_stored := found;
  insert into address (mac, user_id) values (claimed.address_mac, claiming_user) on conflict do nothing;
  if not exists (select from address where mac = claimed.address_mac and user_id = claiming_user) then
    raise exception 'the address has another user' using errcode = 'UM001';
  end if;
  -- The mailed link was used, so the address gets mail. A block that is being added holds the registration's lock until it is there.
  delete from mail_block where mac = claimed.address_mac;
end
$$;
