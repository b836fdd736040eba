-- The id of the Kafka cluster whose topic has acknowledged the checkpoints: another cluster has none of them. Null where it is not
-- known.
alter table notary.published add column cluster_id text;
