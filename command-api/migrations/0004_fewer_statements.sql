-- Counts the attempts on an account and from a source, then adds one in flight. The locks make parallel calls count one after
-- the other; each statement of the function sees what was committed before it. So of two attempts, in any process, the later
-- one sees the earlier one. Counted are failures since `failures_since`, for the source those since `window_since`, and
-- attempts in flight since `in_flight_since`.
create function start_attempt(
  tried_account bytea, tried_source bytea, known bytea, tried_at timestamptz,
  failures_since timestamptz, window_since timestamptz, in_flight_since timestamptz, known_since timestamptz,
  per_source integer,
  out id bigint, out "pairFailed" integer, out "pairInFlight" integer, out "pairLast" timestamptz,
  out "accountFailed" integer, out "accountInFlight" integer, out "accountLast" timestamptz,
  out "sourceFailed" integer, out "sourceInFlight" integer, out "sourceFreeAt" timestamptz, out "sourceKnown" boolean
) language plpgsql as $$
begin
  -- Always the account before the source, as in `count_mail`, so that two calls cannot deadlock.
  perform pg_advisory_xact_lock(1, ('x' || encode(substr(tried_account, 1, 4), 'hex'))::bit(32)::integer);
  perform pg_advisory_xact_lock(2, ('x' || encode(substr(tried_source, 1, 4), 'hex'))::bit(32)::integer);
  with other as (
    select account = tried_account as same_account, source = tried_source as same_source,
           account = tried_account and source = tried_source as pair, at,
           source = tried_source and at > window_since as in_window, state = 'failed' as failed
    from attempt
    where (account = tried_account and at > failures_since or source = tried_source and at > window_since)
      and state in ('failed', 'in-flight') and (state = 'failed' or at > in_flight_since))
  select count(*) filter (where pair and failed), count(*) filter (where pair and not failed),
         max(at) filter (where pair and failed),
         count(*) filter (where same_account and failed), count(*) filter (where same_account and not failed),
         max(at) filter (where same_account and failed),
         count(*) filter (where in_window and failed), count(*) filter (where same_source and not failed),
         (select at + (tried_at - window_since) from other where in_window and failed
          order by at desc offset per_source - 1 limit 1)
    into "pairFailed", "pairInFlight", "pairLast", "accountFailed", "accountInFlight", "accountLast",
         "sourceFailed", "sourceInFlight", "sourceFreeAt"
    from other;
  "sourceKnown" := exists (
    select from known_source where account = tried_account and source = known and at > known_since);
  insert into attempt (account, source, at, state) values (tried_account, tried_source, tried_at, 'in-flight')
    returning attempt.id into start_attempt.id;
end
$$;
revoke execute on function start_attempt(
  bytea, bytea, bytea, timestamptz, timestamptz, timestamptz, timestamptz, timestamptz, integer) from public;

-- Inserts account, data key and address for a registration whose token and password were verified. The address is unique, so
-- of several registrations of one address the first to be claimed wins; the others fail with SQLSTATE UM001, which undoes the
-- statement. `outcome`: `claimed`; `completed`: nothing is left to do; `ended`: the registration or its user is gone.
-- `key_stored`: the key is the one given, because the user had none.
create function claim_registration(
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
end
$$;
revoke execute on function claim_registration(uuid, uuid, bytea, text, timestamptz) from public;
