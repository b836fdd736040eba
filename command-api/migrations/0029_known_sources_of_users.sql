-- Sources from which a user was logged in to are known whatever the address is: `account` is now the user's id, and `source` a keyed
-- hash that is hashed again with the id, so equal sources of two users differ. Rows of before are those of an address; they are read
-- by the version before only, and pass.
create function source_of_user(source bytea, user_id uuid) returns bytea language sql immutable strict
  return sha256(source || uuid_send(user_id));

-- Counts the attempts on an account and from a source, then adds one in flight. The locks make parallel calls count one after
-- the other; each statement of the function sees what was committed before it. So of two attempts, in any process, the later
-- one sees the earlier one. Counted are failures since `failures_since`, for the source those since `window_since`, and
-- attempts in flight since `in_flight_since`. `tried_address` is that of the user whose known sources matter. The function without
-- it is of the version before.
create function start_attempt(
  tried_account bytea, tried_source bytea, tried_address bytea, known bytea, tried_at timestamptz,
  failures_since timestamptz, window_since timestamptz, in_flight_since timestamptz, known_since timestamptz,
  per_source integer,
  out id bigint, out "pairFailed" integer, out "pairInFlight" integer, out "pairLast" timestamptz,
  out "accountFailed" integer, out "accountInFlight" integer, out "accountLast" timestamptz,
  out "sourceFailed" integer, out "sourceInFlight" integer, out "sourceFreeAt" timestamptz, out "sourceKnown" boolean
) language plpgsql as $$
declare
  tried_user uuid;
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
  select user_id into tried_user from address where mac = tried_address and state = 'current';
  -- The work is the same for an address without a user (E-02).
  tried_user := coalesce(tried_user, '00000000-0000-0000-0000-000000000000');
  "sourceKnown" := exists (
    select from known_source
    where account = uuid_send(tried_user) and source = source_of_user(known, tried_user) and at > known_since);
  insert into attempt (account, source, at, state) values (tried_account, tried_source, tried_at, 'in-flight')
    returning attempt.id into start_attempt.id;
end
$$;
revoke execute on function source_of_user(bytea, uuid) from public;
revoke execute on function start_attempt(
  bytea, bytea, bytea, bytea, timestamptz, timestamptz, timestamptz, timestamptz, timestamptz, integer) from public;
