-- The upload that a request of the user began to store last. An erasure is not finished while that request may still store it.
alter table account
  add column upload_id uuid,
  add column upload_at timestamptz;
