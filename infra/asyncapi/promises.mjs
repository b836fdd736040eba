/**
 * What the public topics promise, by topic and by subject. `npm run contract:check` refuses to drop or reword a promise that
 * was released, because consumers rely on it.
 */
const EVERY_TOPIC = {
  key: 'The key is the id of the user in UTF-8. All topics have the same number of partitions, and a user has the same partition in each.',
  partitioning:
    'The partition of a key is the one that the Java client of Kafka chooses: murmur2 of the bytes of the key, without the sign bit, modulo the number of partitions.',
  privacy: 'No record contains personal data: ids, names of fields, statuses, roles and times only.',
  evolution:
    'Headers, fields, message types and values of extensible enums may be added: ignore those that you do not know. Everything else takes a new version of the message, with a name of its own.',
};

const EVENT_TOPIC = {
  delivery: 'At least once. A record whose acknowledgement was lost is written again with the same `ce_id`.',
  durability: 'A record is about an event that is committed for good, and is acknowledged by all in-sync replicas.',
};

export const PROMISES = {
  'users.events.v1': {
    ...EVERY_TOPIC,
    ...EVENT_TOPIC,
    completeness:
      'Every event of every user is published, those without public content as `users.other.v1`. Revisions of a user count 0, 1, 2, ...: a number that is missing means a lost record.',
    ordering:
      'The first records of the revisions of a user are in order. After a fault, records may be repeated, as in 4 5 6 5 6 7: skip a revision that you have handled.',
    retention: 'A record stays for 30 days, and for about a day longer at most, whatever its event says.',
  },
  'users.state.v1': {
    ...EVERY_TOPIC,
    completeness:
      'The last record of a user holds the state after the last event of the user that was published. States in between may be left out.',
    ordering:
      'The highest revision of a user comes last. After a fault, lower ones may be repeated before it: ignore a revision below the one you hold.',
    precedence:
      'Before an event is written to `users.events.v1`, a state of its user with that revision or a higher one is committed here. The topics are read apart, so an event may still be received first.',
    delivery:
      'At least once, in transactions. Read committed records only (`isolation.level=read_committed`); gaps in offsets are normal.',
    retention:
      'The last state of a user stays for as long as the user exists; earlier ones are removed after about a day.',
    erasure:
      'An erased user gets a record without value (a tombstone). All earlier states of the user are removed after about two days; the tombstone stays for at least 30 days.',
  },
  'users.events.v1.replay': {
    ...EVERY_TOPIC,
    ...EVENT_TOPIC,
    completeness:
      'Holds the ranges that an operator published again, each record as in the event topic. A range may begin and end at any revision.',
    ordering: 'Records of a user appear in the order of their revisions within a range. Ranges may overlap.',
    retention: 'A record stays for 7 days, and for about a day longer at most.',
  },
  'users.checkpoints.v1': {
    key: 'The key is the origin of the log in UTF-8, which is also the first line of the value. The topic has one partition.',
    privacy: 'No record contains personal data: the name of the log, a number of events, a hash and a signature only.',
    evolution: EVERY_TOPIC.evolution,
    completeness:
      'Every checkpoint that the notary has signed is published, also those that were signed while no broker answered.',
    ordering:
      'The first records of the checkpoints are in the order in which they were signed, so that sizes never fall. After a fault, records may be repeated.',
    delivery: 'At least once. A record whose acknowledgement was lost is written again with the same `ce_id`.',
    durability: 'A record is acknowledged by all in-sync replicas.',
    retention: 'A record stays for ever.',
  },
};
