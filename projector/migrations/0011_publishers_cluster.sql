-- The id of the Kafka cluster that the checkpoint of the publisher was made on: another cluster lacks everything before it. Null
-- where it is not known, and for other readers.
alter table read.checkpoint add column cluster_id text;
