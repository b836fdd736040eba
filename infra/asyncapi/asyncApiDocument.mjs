import { PROMISES } from './promises.mjs';

/** Raised by each release; the first number never, because published messages never change. */
const VERSION = '1.1.0';

const DESCRIPTION = `What this service tells other systems about its users, over Kafka. Every record is a CloudEvent in binary mode: attributes are headers, and the value is JSON, or text in the topic of checkpoints. The header \`ce_type\` selects the schema of the value.

A list of users follows the state topic; what reacts to events follows the event topic. Keep one revision of each user for each topic. Deduplicate by that \`ce_revision\`, or by \`ce_source\` and \`ce_id\` together, and detect losses by the \`ce_revision\` in the event topic.

The operator of the service tells you the addresses of the brokers, TLS, credentials and the names of your consumer groups, so this document names no servers. Subscribe to the topics by their names: other topics that begin with \`users.\` are internal and change without notice.`;

const CHECKPOINTS = 'users.checkpoints.v1';

const CHANNELS = {
  'users.events.v1': {
    ...{ name: 'events', title: 'Events of users', source: '/user-management/events' },
    description: 'One record for each event of each user, as it happens.',
    operation: 'The service publishes an event once it is committed.',
  },
  'users.state.v1': {
    ...{ name: 'states', title: 'States of users', source: '/user-management/states' },
    description: 'The current state of every user, for consumers that start or start again. Compacted by user.',
    operation: 'The service publishes the state of a user before it publishes the last event in that state.',
  },
  'users.events.v1.replay': {
    ...{ name: 'replay', title: 'Events published again', source: '/user-management/events' },
    description:
      'Events of the past, for consumers that lost some. Empty unless an operator publishes a range again. A range may hold events of users who were erased since, without the erasure: take the revisions that you miss and no others, and create no user from a record of this topic.',
    operation: 'An operator publishes a range of events again.',
  },
  [CHECKPOINTS]: {
    ...{ name: 'checkpoints', title: 'Checkpoints of the history', source: '/user-management/checkpoints' },
    description:
      'Every checkpoint that the notary of the log signs. Who keeps them can show later, with its public key and without trust in the service, that the log was or was not rewritten since.',
    operation: 'The notary publishes a checkpoint after it has signed it.',
  },
};

const BINDING_VERSION = '0.5.0';
const ORIGIN = { type: 'string', description: 'Origin of the log, which is also the name of the key that signs.' };
const KEY = { type: 'string', format: 'uuid', description: 'Id of the user, in lower case.' };

/** The topic that the messages of a type are published in; events are published in the replay topic too. */
const topicOf = (type) => {
  if (type.startsWith('users.checkpoint')) return CHECKPOINTS;
  return type.startsWith('users.state') ? 'users.state.v1' : 'users.events.v1';
};
const typesOf = (topic, types) => types.filter((type) => topicOf(type) === topic.replace(/\.replay$/, ''));

/** Kafka's settings in the form of the binding: numbers and lists. */
const topicConfiguration = (config) =>
  Object.fromEntries(
    Object.entries(config).map(([name, value]) => {
      if (name === 'cleanup.policy') return [name, value.split(',')];
      return [name, /^-?\d+$/.test(value) ? Number(value) : value];
    }),
  );

/** The default schema format of AsyncAPI has neither `$schema` nor `$id`. */
const embedded = ({ $schema, $id, ...schema }) => schema;

const channelOf = ({ name, partitions, config }, types) => {
  const { title, description } = CHANNELS[name];
  return {
    ...{ address: name, title, description },
    messages: Object.fromEntries(typesOf(name, types).map((type) => [type, { $ref: `#/components/messages/${type}` }])),
    bindings: {
      kafka: {
        topic: name,
        partitions,
        topicConfiguration: topicConfiguration(config),
        bindingVersion: BINDING_VERSION,
      },
    },
    'x-promises': PROMISES[name],
  };
};

const operationOf = ({ name }, types) => {
  const channel = CHANNELS[name];
  return {
    ...{ action: 'send', channel: { $ref: `#/channels/${channel.name}` }, summary: channel.operation },
    messages: typesOf(name, types).map((type) => ({ $ref: `#/channels/${channel.name}/messages/${type}` })),
  };
};

const messageOf = (type, { schema, headers: ofUsers, checkpointHeaders, sample }) => {
  const { title, description } = schema;
  const { source } = CHANNELS[topicOf(type)];
  const isCheckpoint = topicOf(type) === CHECKPOINTS;
  const headers = isCheckpoint ? checkpointHeaders : ofUsers;
  const hasValue = schema.type !== 'null';
  return {
    ...{ name: type, title, description },
    traits: [{ $ref: `#/components/messageTraits/${isCheckpoint ? 'checkpointEvent' : 'cloudEvent'}` }],
    headers: {
      type: 'object',
      properties: {
        ce_type: { type: 'string', const: type },
        ce_source: { type: 'string', const: source },
        ...(hasValue ? { 'content-type': headers.properties['content-type'] } : {}),
      },
      required: [...headers.required, ...(hasValue ? ['content-type'] : [])],
    },
    payload: embedded(schema),
    bindings: { kafka: { key: isCheckpoint ? ORIGIN : KEY, bindingVersion: BINDING_VERSION } },
    examples: [{ name: 'sample', headers: sample.headers, payload: sample.value }],
  };
};

const traitOf = (headers) => {
  const { 'content-type': ofValues, ...properties } = headers.properties;
  return { contentType: ofValues.const, headers: { ...embedded(headers), properties } };
};

/**
 * The AsyncAPI 3.0 document of the public topics.
 *
 * @param topics the declarations in contracts
 * @param schemas JSON Schema of each message's value, by message type
 * @param headers JSON Schema of the headers
 * @param checkpointHeaders the same of checkpoints
 * @param samples a record for each message, by message type
 */
export const asyncApiDocument = ({ topics, schemas, headers, checkpointHeaders, samples, license }) => {
  const types = Object.keys(schemas);
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'User management: messages',
      version: VERSION,
      description: DESCRIPTION,
      license: { name: license },
    },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(topics.map((topic) => [CHANNELS[topic.name].name, channelOf(topic, types)])),
    operations: Object.fromEntries(
      topics.map((topic) => [`send-${CHANNELS[topic.name].name}`, operationOf(topic, types)]),
    ),
    components: {
      messages: Object.fromEntries(
        types.map((type) => [
          type,
          messageOf(type, { schema: schemas[type], headers, checkpointHeaders, sample: samples[type] }),
        ]),
      ),
      messageTraits: { cloudEvent: traitOf(headers), checkpointEvent: traitOf(checkpointHeaders) },
    },
  };
};
