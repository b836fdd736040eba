-- A dead message that an operator wants delivered again has the id of that request.
alter table dead_message add column redrive uuid, add column correlation_id text;
