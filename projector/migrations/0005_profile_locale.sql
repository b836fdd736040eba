-- The language of mails to the user. No event of an earlier version names one; those events read as English.
alter table read.user_profile_v1 add column locale text not null default 'en';
