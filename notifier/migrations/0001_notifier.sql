-- Position of each consumer, and the log it belongs to.
create table checkpoint (
  name text primary key,
  position numeric(20) not null,
  event_id uuid not null,
  log_id uuid not null
);

-- Messages that can never be handled. Pointers only; an operator decides about them.
create table dead_message (
  consumer text not null,
  event_id uuid not null,
  stream text not null,
  revision numeric(20) not null,
  type text not null,
  position numeric(20) not null,
  reason text not null check (reason in ('refused', 'failed')),
  at timestamptz not null default now(),
  primary key (consumer, event_id)
);

-- One row per mail, so that a redelivered message does not send its mail twice. Holds no address and no text.
-- `claimed`: SES did not take the mail; the next attempt may start. `sending`: SES is called or about to be; after a
-- crash its answer counts as lost, even when SES was not called any more. The other states are final.
create table mail (
  event_id uuid not null,
  about uuid not null,
  correlation_id text,
  state text not null check (state in ('claimed', 'sending', 'sent', 'skipped', 'dead', 'unknown')),
  template text,
  reason text,
  message_id text,
  lease uuid not null,
  lease_until timestamptz not null,
  attempts integer not null default 1,
  resends integer not null default 0,
  at timestamptz not null default now(),
  primary key (event_id, about)
);
create index mail_at on mail (at);
