-- The picture that was submitted last and what became of it, and the one that is shown. No event of an earlier version is
-- about pictures, so existing rows have none.
alter table read.user_profile_v1
  add column picture_id uuid,
  add column picture_status text check (picture_status in ('processing', 'ready', 'rejected')),
  add column picture_reason text,
  add column ready_picture_id uuid,
  add constraint user_profile_v1_picture check ((picture_id is null) = (picture_status is null));
