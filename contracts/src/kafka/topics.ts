/** A topic as it is created, and as it is checked at start: another value at the broker is a fault of the deployment. */
export interface Topic {
  readonly name: string;
  /** Never changes for an existing topic: the partition of a key follows from it, and the order of a user's messages from that. */
  readonly partitions: number;
  /** Settings of the topic under Kafka's own names and in Kafka's own form. The replication factor is the deployment's. */
  readonly config: Readonly<Record<string, string>>;
}

const days = (count: number): string => String(count * 86_400_000);

/**
 * Retention removes whole segments, and an idle partition keeps its open segment: without this limit a record could stay
 * for a week longer than its retention.
 */
const SEGMENT = { 'segment.ms': days(1) };

/**
 * Retention counts from when the record was sent. Do not send the time of the event as the record's time: events that are
 * published late (a broker that is set up later, a replay) would be removed at once.
 */
const SENT_TIME = { 'message.timestamp.type': 'CreateTime' };

/** Equal for all topics of users, so that consumers can join them by partition. */
const PARTITIONS = 12;

/** How long a consumer may be absent and still continue where it stopped. */
const ABSENCE = days(30);

/**
 * Every event of every user stream; the key is the user id.
 *
 * The retention is also the time after which nothing of an erased user is left in the topic.
 */
export const EVENTS_TOPIC: Topic = {
  name: 'users.events.v1',
  partitions: PARTITIONS,
  config: { 'cleanup.policy': 'delete', 'retention.ms': ABSENCE, 'retention.bytes': '-1', ...SEGMENT, ...SENT_TIME },
};

/**
 * The current state of every user; the key is the user id, and a record without value follows an erasure.
 *
 * Tombstones stay as long as events do, so that one absence limit holds for both topics.
 * `max.compaction.lag.ms` bounds how long the last state of an erased user stays in the log.
 */
export const STATE_TOPIC: Topic = {
  name: 'users.state.v1',
  partitions: PARTITIONS,
  config: {
    ...{ 'cleanup.policy': 'compact', 'delete.retention.ms': ABSENCE },
    ...{ 'min.compaction.lag.ms': '0', 'max.compaction.lag.ms': days(1) },
    ...SEGMENT,
    ...SENT_TIME,
  },
};

/** Ranges of {@link EVENTS_TOPIC} that an operator publishes again. Never the live topic, whose consumers have seen them. */
export const REPLAY_TOPIC: Topic = {
  name: 'users.events.v1.replay',
  partitions: PARTITIONS,
  config: { 'cleanup.policy': 'delete', 'retention.ms': days(7), 'retention.bytes': '-1', ...SEGMENT, ...SENT_TIME },
};

/**
 * Pointers to facts, for this service's own consumers; the key is the id part of the stream. Not part of the public
 * contract. Mails are past their best-before long before the retention ends.
 */
export const WORK_TOPIC: Topic = {
  name: 'users.work.v1',
  partitions: PARTITIONS,
  config: { 'cleanup.policy': 'delete', 'retention.ms': days(7), 'retention.bytes': '-1', ...SEGMENT, ...SENT_TIME },
};

/**
 * Every checkpoint that the notary signs; the key is the origin of the log. One partition, because a log is one history and its
 * checkpoints come once a minute at most.
 *
 * Nothing is removed: with an old checkpoint who keeps none can show later that the log was rewritten since, and compaction would
 * leave the last one alone. A year has at most half a million records of half a kilobyte. Nothing personal is in them.
 */
export const CHECKPOINTS_TOPIC: Topic = {
  name: 'users.checkpoints.v1',
  partitions: 1,
  config: { 'cleanup.policy': 'delete', 'retention.ms': '-1', 'retention.bytes': '-1', ...SENT_TIME },
};

const USER_TOPICS: readonly Topic[] = [EVENTS_TOPIC, STATE_TOPIC, REPLAY_TOPIC];

/** The topics that other systems may read. */
export const PUBLIC_TOPICS: readonly Topic[] = [...USER_TOPICS, CHECKPOINTS_TOPIC];

/** The topics that the publisher writes to. */
export const PUBLISHED_TOPICS: readonly Topic[] = [...USER_TOPICS, WORK_TOPIC];

/**
 * Where a consumer of the work topic puts what it can never handle. One partition, because dead letters are few, and their
 * order is kept when they are redriven.
 *
 * @param consumer name of the consumer: lower-case letters, digits and hyphens
 * @throws RangeError for another name
 */
export const deadLetterTopic = (consumer: string): Topic => {
  if (!/^[a-z][a-z0-9-]*$/.test(consumer)) throw new RangeError('not a consumer name that a topic name can contain');
  return {
    name: `${WORK_TOPIC.name}.dead.${consumer}`,
    partitions: 1,
    config: { 'cleanup.policy': 'delete', 'retention.ms': days(30), 'retention.bytes': '-1', ...SEGMENT, ...SENT_TIME },
  };
};
