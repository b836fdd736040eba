-- The public state of each user as it was last sent to the broker, with the event it ends with. Written by the publisher in
-- the transaction that moves its checkpoint. Holds nothing personal.
create table read.public_state (
  user_id uuid primary key,
  event_id uuid not null,
  revision numeric(20) not null,
  position numeric(20) not null,
  -- Time of the event, as text: it is only passed on.
  at text,
  correlation_id uuid,
  -- Null when the user has no public state any more (erased).
  state jsonb
);
