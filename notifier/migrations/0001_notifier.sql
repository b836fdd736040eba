-- How far each consumer has come in which log.
create table checkpoint (
  name text primary key,
  position numeric(20) not null,
  event_id uuid not null,
  log_id uuid not null
);

-- Messages that can never work: pointers only, for an operator.
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

-- One row a mail: what keeps a redelivery from mailing somebody twice. No address, no text. `claimed`: SES was not asked yet;
-- `sending`: it was, and after a crash nobody knows its answer; the others are final.
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
