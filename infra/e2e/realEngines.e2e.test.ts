import { beforeAll, expect, it, jest } from '@jest/globals';
import { CHECKPOINTS_TOPIC } from '@ums/contracts/kafka/topics';
import { readPartition } from '@ums/kit/kafka/readPartition';
import { groupOffsets } from '@ums/kit/kafka-source/groupOffsets';
import { workGroup } from '@ums/kit/kafka-source/kafkaSourceOptions';
import { silentLog } from '@ums/kit/log';
import { openCheckpoint } from '@ums/verifier/note/checkpoint';
import { parseVerifierKeys } from '@ums/verifier/note/verifierKeys';
import { expectContract } from '../../contracts/test/contractMismatches.js';
import { readTopics, type TopicReader } from '../../projector/test/topicReader.js';
import { atEndOfFile } from '../engines/test/atEndOfFile.js';
import { describeOnOwn } from '../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, ownKafka, ownOpenSearch } from '../engines/test/engineForTests.js';
import { until } from '../kit/test/until.js';
import { loggedEvents } from './src/oracle/loggedEvents.js';
import { exampleConsumer } from './test/exampleConsumer.js';
import { expectMetrics } from './test/expectMetrics.js';
import { linkOf, nthMail } from './test/inbox.js';
import { type Processes, startProcesses } from './test/startProcesses.js';
import { consistentWith, logIn, newStory, register, type Story } from './test/story/story.js';
import { storyOfProcesses } from './test/story/storyOfProcesses.js';

jest.setTimeout(300_000);

describeOnOwn(
  ['Kafka', 'OpenSearch'],
  'the five services in separate processes, on a real Kafka and OpenSearch',
  () => {
    let brokers: string;
    let processes: Processes;
    let story: Story;
    let follower: ReturnType<typeof exampleConsumer>;
    let reader: TopicReader;

    beforeAll(async () => {
      const [kafka, node] = await Promise.all([ownKafka(), ownOpenSearch()]);
      ({ brokers } = kafka);
      processes = await startProcesses({ KAFKA_BROKERS: brokers, OPENSEARCH_URL: node.url });
      story = newStory(processes);
      follower = exampleConsumer(brokers);
      atEndOfFile(() => follower.stop());
      reader = await readTopics([brokers]);
      atEndOfFile(reader.close);
    }, ENGINE_START_TIMEOUT_MS);

    storyOfProcesses(() => ({ processes, story }));

    it('F-11 lets a consumer that only has the contract rebuild the active users and their roles', async () => {
      const { client, grace } = story;
      const suspended = { ...story.ada, email: 'eve@example.org', name: 'Eve' };
      const active = { ...story.ada, email: 'joan@example.org', name: 'Joan' };
      for (const user of [suspended, active]) await signUp(story, user);
      const changed = await client.ask('POST', `/users/${suspended.id}/suspension`, {
        ...{ token: grace.accessToken, body: { reason: 'Reported for abuse' } },
      });
      const headers = consistentWith(changed);
      const { json } = await client.ask('GET', '/users?limit=100', { token: grace.accessToken, headers });
      const users = json.items as { id: string; status: string; roles: string[] }[];
      expect(users.map(({ status }) => status).sort()).toEqual(['active', 'active', 'active', 'suspended']);
      const expected = new Map(users.flatMap(({ id, status, roles }) => (status === 'active' ? [[id, roles]] : [])));
      expect(expected.get(grace.id)).toEqual(['user', 'admin']);

      const log = await loggedEvents(processes.engines.eventLog);
      const late = exampleConsumer(brokers);
      atEndOfFile(() => late.stop());
      for (const consumer of [follower, late]) {
        await consumer.untilCaughtUp(log);
        expect(await consumer.stop()).toEqual(expected);
      }
    });

    it('L-03 shows every listed metric that needs Kafka or OpenSearch, and no other', async () => {
      await expectMetrics(processes.metrics, ['no Kafka', 'the embedded engines', 'a picture', 'an error']);
    });

    it('publishes records as the contract promises, and takes all mails from Kafka', async () => {
      const topics = () => new Set(reader.records.map(({ topic }) => topic));
      // The reader may be behind the consumers that the tests before waited for.
      await until(() => topics().size >= 3);
      expect(topics()).toEqual(new Set(['users.events.v1', 'users.state.v1', 'users.work.v1']));
      await until(async () => {
        const settings = { brokers: [brokers], clientId: 'test', log: silentLog };
        const partitions = await groupOffsets(settings, workGroup('mail'), 'users.work.v1');
        return partitions.every(({ next, end }) => next === end) && partitions.some(({ end }) => end > 0n);
      });
    });

    it('G-08 publishes every checkpoint, which the public key of the service verifies', async () => {
      const settings = { brokers: [brokers], clientId: 'test', log: silentLog };
      const range = { topic: CHECKPOINTS_TOPIC.name, partition: 0 };
      const { text } = await story.client.ask('GET', '/audit/checkpoint', { token: story.grace.accessToken });
      await until(async () => (await readPartition(settings, range)).some(({ value }) => String(value) === text));
      const keys = parseVerifierKeys(await (await fetch(`${processes.publicUrl}/.well-known/notary-keys`)).text());
      for (const { key, value, headers } of await readPartition(settings, range)) {
        expectContract(range.topic, { key, value, headers } as Parameters<typeof expectContract>[1]);
        expect(openCheckpoint(String(value), keys, 'The record').origin).toBe(String(key));
      }
    });
  },
);

/** Registers a user, confirms the address and logs in. */
const signUp = async (story: Story, user: Story['ada']): Promise<void> => {
  await register(story, user);
  const { token } = linkOf(await nthMail(story.inbox, user.email, 1));
  const { password } = user;
  const confirmed = await story.client.ask('POST', '/auth/confirm', { body: { token, password } });
  expect(confirmed.status).toBe(200);
  await logIn(story, user);
};
