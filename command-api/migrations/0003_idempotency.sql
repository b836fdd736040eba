-- When a confirmation claimed the registration, or the reconciler took it over: for half a minute the others leave it alone.
alter table account add column claimed_at timestamptz not null default now();
