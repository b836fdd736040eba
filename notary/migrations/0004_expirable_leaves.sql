-- How many leaves of the tree are of streams whose events expire; checkpoints state it. Without the row it is not known: a tree
-- from before this table has leaves that were not counted. It is known again once the tree is made anew.
create table notary.expirable (
  tree text primary key,
  leaves bigint not null check (leaves >= 0)
);
insert into notary.expirable (tree, leaves) select 'notary', 0 where not exists (select from notary.tile);
