/**
 * Follows the public topics, writes a line for each record, and when it is stopped (Ctrl-C) the active users and their roles:
 * `node followUsers.mjs <host:port>[,<host:port>...] [<consumer group>]`
 *
 * It needs the package `kafkajs`. When no broker answers or the topics do not exist, it prints a sentence and exits with code 1.
 * The list is in memory, so the group starts at the beginning: take a new group for each start.
 */
import kafkajs from 'kafkajs';
import { userList } from './userList.mjs';

const [brokers = '127.0.0.1:9092', groupId = `follow-users-${Date.now()}`] = process.argv.slice(2);
const { Kafka, logLevel } = kafkajs;
const topics = ['users.state.v1', 'users.events.v1', 'users.events.v1.replay'];

const fail = (sentence) => {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
};
/** The names of all topics. Fails after one retry. */
const existingTopics = async () => {
  const admin = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING, retry: { retries: 1 } }).admin();
  try {
    await admin.connect();
    return await admin.listTopics();
  } catch (error) {
    return fail(`No broker answers at ${brokers} (${error.name}).`);
  } finally {
    await admin.disconnect();
  }
};
const existing = await existingTopics();
const missing = topics.filter((topic) => !existing.includes(topic));
if (missing.length > 0)
  fail(`${brokers} has no topic ${missing.join(' and no topic ')}; the service creates them when it first runs.`);

const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.ERROR });
// A topic that the client created would not have the settings of the contract.
const consumer = kafka.consumer({ groupId, allowAutoTopicCreation: false });
const list = userList();
const activeUsers = () => list.users().filter(({ status }) => status === 'active');

await consumer.connect();
await consumer.subscribe({ topics, fromBeginning: true });
await consumer.run({
  eachMessage: async ({ topic, message }) => {
    const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)]));
    const value = message.value === null ? null : String(message.value);
    const outcome = list.take(topic, { key: String(message.key), value, headers });
    const { ce_type: type, ce_revision: revision } = headers;
    process.stdout.write(`${outcome} ${type} ${message.key} revision ${revision}, ${activeUsers().length} active\n`);
  },
});
for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, async () => {
    await consumer.disconnect();
    for (const { userId, roles } of activeUsers()) process.stdout.write(`user ${userId} ${roles.join(',')}\n`);
  });
