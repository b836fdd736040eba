-- Grants that may wait for a decision. A request takes a place here before it is in the log, so that all processes together keep
-- to the bound. A place is free again once its grant is decided or has ended, which the log says.
create table waiting_grant (
  grant_id uuid primary key,
  asked_by uuid not null references account,
  asked_at timestamptz not null
);
create index waiting_grant_of_user on waiting_grant (asked_by);
create index waiting_grant_age on waiting_grant (asked_at);
