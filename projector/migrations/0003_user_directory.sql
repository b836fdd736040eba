-- What search, filters and counts of users read. Triggers fill it from the profiles, in the statement that changes them, so
-- that it costs no statement of its own and no way to change a profile goes past it.

alter table read.user_profile_v1
  -- Folded texts that the user is found by. Like `standing`, null in rows of an earlier version until the projector fills them.
  add column terms text[],
  -- Status and roles as one number, see contracts/src/directory/standing.ts.
  add column standing smallint;
create index user_profile_v1_unfilled on read.user_profile_v1 (user_id) where standing is null;
create index user_profile_v1_standing on read.user_profile_v1 (standing, registered_at, user_id);

create table read.user_term_v1 (
  user_id uuid not null,
  -- Compared by bytes: the folding is done.
  term text collate "C" not null,
  standing smallint not null,
  primary key (user_id, term)
);
create index user_term_v1_standing on read.user_term_v1 (standing, term, user_id);

-- The number of users with each standing that has ever occurred: 32 rows at most.
create table read.user_count_v1 (
  standing smallint primary key,
  users bigint not null
);

-- A connection plans the statements of a trigger once, perhaps while the tables are empty. Without `enable_seqscan = off` it
-- would go on scanning a table that has grown since.

create function read.add_to_directory() returns trigger language plpgsql set enable_seqscan = off as $$
begin
  if not exists (select from added where standing is not null) then
    return null;
  end if;
  insert into read.user_term_v1 (user_id, term, standing)
    select added.user_id, unnest(added.terms), added.standing from added where added.standing is not null;
  insert into read.user_count_v1 as counted (standing, users)
    select added.standing, count(*) from added where added.standing is not null group by added.standing
    on conflict (standing) do update set users = counted.users + excluded.users;
  return null;
end
$$;

create function read.change_in_directory() returns trigger language plpgsql set enable_seqscan = off as $$
begin
  if not exists (
    select from removed join added using (user_id)
    where (removed.terms, removed.standing) is distinct from (added.terms, added.standing)
  ) then
    return null;
  end if;
  delete from read.user_term_v1 as stored using removed join added using (user_id)
    where stored.user_id = added.user_id and removed.terms is distinct from added.terms
      and stored.term <> all (added.terms);
  insert into read.user_term_v1 as stored (user_id, term, standing)
    select added.user_id, unnest(added.terms), added.standing from removed join added using (user_id)
    where (removed.terms, removed.standing) is distinct from (added.terms, added.standing)
    on conflict (user_id, term) do update set standing = excluded.standing where stored.standing <> excluded.standing;
  insert into read.user_count_v1 as counted (standing, users)
    select standing, sum(change)
    from (select standing, 1 as change from added union all select standing, -1 from removed) as changes
    where standing is not null group by standing having sum(change) <> 0
    on conflict (standing) do update set users = counted.users + excluded.users;
  return null;
end
$$;

create function read.remove_from_directory() returns trigger language plpgsql set enable_seqscan = off as $$
begin
  delete from read.user_term_v1 as stored using removed where stored.user_id = removed.user_id;
  update read.user_count_v1 as counted set users = counted.users - gone.users
    from (select standing, count(*) as users from removed group by standing) as gone
    where counted.standing = gone.standing;
  return null;
end
$$;

create function read.empty_directory() returns trigger language plpgsql as $$
begin
  truncate read.user_term_v1, read.user_count_v1;
  return null;
end
$$;

create trigger add_to_directory after insert on read.user_profile_v1
  referencing new table as added for each statement execute function read.add_to_directory();
create trigger change_in_directory after update on read.user_profile_v1
  referencing old table as removed new table as added for each statement execute function read.change_in_directory();
create trigger remove_from_directory after delete on read.user_profile_v1
  referencing old table as removed for each statement execute function read.remove_from_directory();
create trigger empty_directory after truncate on read.user_profile_v1
  for each statement execute function read.empty_directory();

do $$
begin
  if exists (select from pg_roles where rolname = 'query') then
    grant select on read.user_term_v1, read.user_count_v1 to query;
  end if;
end
$$;
