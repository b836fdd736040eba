-- Requests per source and route in one window of time. The source is a keyed hash, bound to the route. A process adds the
-- requests of a source in batches, so the table has rows only for sources that send many.
create table request_count (
  source bytea not null,
  ends timestamptz not null,
  requests integer not null,
  primary key (source, ends)
);
create index request_count_ends on request_count (ends);

-- Column statistics keep samples of values, which would remain after their rows are deleted.
alter table request_count alter column source set statistics 0;

-- `silent`: a request over a mail limit that counts all sources. It counts for its own address and source all the same: if
-- it did not, the answers to a source would show what others did.
alter table attempt drop constraint attempt_state_check;
alter table attempt add constraint attempt_state_check check (state in ('in-flight', 'failed', 'mail', 'silent'));

-- Counts one mail in one statement. The locks make parallel calls count one after the other; each statement of the function
-- sees what was committed before it. `retry_at`: the address got its mails for this source, and the oldest leaves the hour
-- then. Neither set: a limit over all sources, or over all addresses, is reached.
create function count_mail(
  mail_account bytea, mail_source bytea, mailed_at timestamptz,
  per_pair integer, per_account integer, per_source integer,
  out counted boolean, out retry_at timestamptz
) language plpgsql as $$
declare
  since timestamptz := mailed_at - interval '1 hour';
begin
  -- Always the account before the source, so that two calls cannot deadlock.
  perform pg_advisory_xact_lock(1, ('x' || encode(substr(mail_account, 1, 4), 'hex'))::bit(32)::integer);
  perform pg_advisory_xact_lock(2, ('x' || encode(substr(mail_source, 1, 4), 'hex'))::bit(32)::integer);
  counted := false;
  select at + interval '1 hour' into retry_at from attempt
    where account = mail_account and source = mail_source and state in ('mail', 'silent') and at > since
    order by at desc offset per_pair - 1 limit 1;
  if retry_at is not null then
    return;
  end if;
  counted :=
    (select count(*) from attempt where account = mail_account and state = 'mail' and at > since) < per_account
    and (select count(*) from attempt where source = mail_source and state = 'mail' and at > since) < per_source;
  insert into attempt (account, source, at, state)
    values (mail_account, mail_source, mailed_at, case when counted then 'mail' else 'silent' end);
end
$$;
revoke execute on function count_mail(bytea, bytea, timestamptz, integer, integer, integer) from public;

-- Sources from which an account was logged in to. `account` is the bucket that attempts count in; `source` is a keyed hash
-- bound to that account, so equal sources of two accounts differ.
create table known_source (
  account bytea not null,
  source bytea not null,
  user_id uuid not null references account,
  at timestamptz not null,
  primary key (account, source)
);
create index known_source_user on known_source (user_id);
create index known_source_at on known_source (at);
alter table known_source alter column account set statistics 0, alter column source set statistics 0;
