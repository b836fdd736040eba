-- When a confirmation claimed the registration, or the reconciler took it over: for half a minute the others leave it alone.
alter table account add column claimed_at timestamptz not null default now();

-- A request under an Idempotency-Key that changed nothing: no event remembers it. Its id and `request` are MACs under the
-- user's data key, so that neither key nor body can be guessed once the user is erased.
create table idempotency (
  id uuid primary key,
  user_id uuid not null,
  request text not null,
  revision bigint not null,
  expires_at timestamptz not null
);
create index idempotency_user on idempotency (user_id);
create index idempotency_expiry on idempotency (expires_at);

-- Column statistics keep samples of values, which would remain after their rows are deleted.
alter table idempotency alter column id set statistics 0, alter column request set statistics 0;
