-- The grant whose event it is. With it, requests for grants are listed, and all events of one are found. The projector fills the
-- rows of earlier versions from the event log, because they do not hold the name of the stream.
alter table read.audit_event_v1 add column grant_id uuid;
create index audit_event_v1_grant on read.audit_event_v1 (grant_id, position) where grant_id is not null;
-- The rows that are still to be filled: none, once the projector has begun.
create index audit_event_v1_without_grant on read.audit_event_v1 (position)
  where grant_id is null and type in ('AccessRequested', 'AccessApproved', 'AccessRefused', 'AccessEnded');
