-- Other registrations of the user's addresses, which the erasure has deleted. Their uploads are deleted before it is finished.
alter table erasure add column registration_ids uuid[] not null default '{}';
