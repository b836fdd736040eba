-- The RFC 6962 tree over the event log, and its signed checkpoints. Tree and position can be rebuilt from the log; the
-- checkpoints cannot.

-- How far the log is in the tree. It moves only in the transaction that writes the tiles for that position.
create table notary.position (
  name text primary key,
  -- -1 before the first event is handled.
  position numeric(20) not null,
  event_id uuid,
  log_id uuid not null
);

-- Up to 256 hashes of 32 bytes each, side by side. The last tile of a level may be incomplete.
create table notary.tile (
  level smallint not null,
  index bigint not null,
  hashes bytea not null check (length(hashes) between 32 and 8192 and length(hashes) % 32 = 0),
  primary key (level, index)
);
-- Hashes do not compress.
alter table notary.tile alter column hashes set storage external;

create table notary.leaf (
  event_id uuid primary key,
  leaf_index bigint not null
);

create table notary.checkpoint (
  id bigint generated always as identity primary key,
  size bigint not null check (size > 0),
  root bytea not null check (length(root) = 32),
  -- C2SP tlog-checkpoint.
  note text not null,
  signed_at timestamptz not null default now()
);
create index checkpoint_size on notary.checkpoint (size, id);

-- The public keys in use, as C2SP verifier keys: the one that signs first.
create table notary.verifier_key (
  place smallint primary key,
  line text not null
);

do $$
begin
  if exists (select from pg_roles where rolname = 'query') then
    grant usage on schema notary to query;
    grant select on notary.tile, notary.leaf, notary.checkpoint, notary.verifier_key to query;
  end if;
end
$$;
