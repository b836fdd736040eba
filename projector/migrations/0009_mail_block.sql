-- Why and since when the address of the user gets no mail. No event of an earlier version is about it, so existing rows have none.
alter table read.user_profile_v1
  add column mail_block text check (mail_block in ('bounce', 'complaint')),
  add column mail_blocked_at timestamptz,
  add constraint user_profile_v1_mail_block check ((mail_block is null) = (mail_blocked_at is null));
