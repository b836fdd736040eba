-- Counts one mail in one statement, as before, and also refuses a source that caused as many mails in the hour as it may over
-- all addresses. `retry_at`: when both this address and all addresses together have room for this source again. Silent
-- requests count for the source: if they did not, the answers to it would show what others did. Neither set: the address got
-- its mails from all sources.
create or replace function count_mail(
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
  retry_at := interval '1 hour' + greatest(
    (select at from attempt
      where account = mail_account and source = mail_source and state in ('mail', 'silent') and at > since
      order by at desc offset per_pair - 1 limit 1),
    (select at from attempt where source = mail_source and state in ('mail', 'silent') and at > since
      order by at desc offset per_source - 1 limit 1));
  if retry_at is not null then
    return;
  end if;
  counted := (select count(*) from attempt where account = mail_account and state = 'mail' and at > since) < per_account;
  insert into attempt (account, source, at, state)
    values (mail_account, mail_source, mailed_at, case when counted then 'mail' else 'silent' end);
end
$$;
