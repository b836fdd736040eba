-- Users whose sign-in streams did not get their maximum age. The reconciler tries these again.
create table unlimited_sign_in (
  user_id uuid primary key,
  tried_at timestamptz not null default now()
);
create index unlimited_sign_in_tried on unlimited_sign_in (tried_at);
