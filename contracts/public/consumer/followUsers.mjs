/**
 * Follows the public topics and writes a line for each user that changed:
 * `node contracts/public/consumer/followUsers.mjs <host:port>[,<host:port>...] <consumer group>`
 *
 * The list is in memory, so the group starts at the beginning: take a new group for each start.
 */
import kafkajs from 'kafkajs';
import { userList } from './userList.mjs';

const [brokers = '127.0.0.1:9092', groupId = `follow-users-${Date.now()}`] = process.argv.slice(2);
const { Kafka, logLevel } = kafkajs;
const consumer = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.ERROR }).consumer({ groupId });
const list = userList();

await consumer.connect();
await consumer.subscribe({ topics: ['users.state.v1', 'users.events.v1'], fromBeginning: true });
await consumer.run({
  eachMessage: async ({ topic, message }) => {
    const headers = Object.fromEntries(Object.entries(message.headers).map(([name, value]) => [name, String(value)]));
    const value = message.value === null ? null : String(message.value);
    const outcome = list.take(topic, { key: String(message.key), value, headers });
    const active = list.users().filter(({ status }) => status === 'active').length;
    process.stdout.write(
      `${outcome} ${headers.ce_type} ${message.key} revision ${headers.ce_revision}, ${active} active\n`,
    );
  },
});
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => consumer.disconnect());
