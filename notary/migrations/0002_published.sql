-- The last checkpoint that a place which gets every one of them has acknowledged.
create table notary.published (
  place text primary key,
  checkpoint_id bigint not null
);
