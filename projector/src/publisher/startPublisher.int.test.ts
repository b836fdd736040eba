import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { EVENTS_TOPIC, PUBLISHED_TOPICS, STATE_TOPIC } from '@ums/contracts/kafka/topics';
import { silentLog } from '@ums/kit/log';
import kafkajs from 'kafkajs';
import { describeOn } from '../../../infra/engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, kafkaForTests } from '../../../infra/engines/test/engineForTests.js';
import { setTopicConfig } from '../../../infra/kit/test/setTopicConfig.js';
import { topicsOnNewBroker } from '../../../infra/kit/test/topicsOnNewBroker.js';
import { until } from '../../../infra/kit/test/until.js';
import { expectPublished, inTopic, recordsOfLog } from '../../test/publishedRecords.js';
import { untilPublished } from '../../test/publisherWorld.js';
import { appendRandomHistory, seededRandom } from '../../test/randomHistory.js';
import { runningPublishers } from '../../test/runningPublishers.js';
import { readTopics, type TopicReader } from '../../test/topicReader.js';
import { createWorld, type World } from '../../test/world.js';
import { openBrokerSession } from './brokerSession.js';

/** Of tests that wait several times for a long history to be written and published. */
const TIMEOUT_MS = 300_000;

describeOn(['Kafka'], 'startPublisher on a real broker', () => {
  let world: World;
  let brokers: string;
  let publishers: ReturnType<typeof runningPublishers>;
  let reader: TopicReader;
  beforeAll(async () => {
    ({ brokers } = await kafkaForTests());
    await topicsOnNewBroker({ brokers: [brokers], clientId: 'test', log: silentLog }, PUBLISHED_TOPICS);
    reader = await readTopics([brokers]);
  }, ENGINE_START_TIMEOUT_MS);
  beforeEach(async () => {
    world = await createWorld();
    publishers = runningPublishers(world);
  });
  afterEach(async () => {
    await publishers.stopAll();
    await world.close();
  });
  afterAll(() => reader?.close());

  /** The records about streams of this test's log. */
  const ownRecords = () => recordsOfLog(reader.records, world.eventLog.events);

  it(
    'F-11 publishes every event in order, and the states that the log has',
    async () => {
      const seed = Date.now() % 1_000_000;
      const before = await appendRandomHistory(world, 300, seededRandom(seed));
      const publisher = await publishers.start(brokers);
      const after = await appendRandomHistory(world, 300, seededRandom(seed + 1));
      await untilPublished(world);
      await reader.caughtUp();
      expectPublished(ownRecords(), { log: world.eventLog.events, users: [...before, ...after] });
      expect(publisher.state()).toBe('active');
      await until(async () => (await publisher.lagSeconds()) === 0);
    },
    TIMEOUT_MS,
  );

  it(
    'repeats nothing over an orderly restart',
    async () => {
      await publishers.start(brokers);
      for (let round = 0; round < 3; round++) {
        await appendRandomHistory(world, 40, seededRandom(round));
        await publishers.stopAll();
        await publishers.start(brokers);
      }
      await untilPublished(world);
      await reader.caughtUp();
      const ids = inTopic(ownRecords(), EVENTS_TOPIC.name).map(({ headers }) => headers.ce_id);
      expect(new Set(ids).size).toBe(ids.length);
    },
    TIMEOUT_MS,
  );

  it(
    'F-11 begins with the first event when its checkpoint was made on another cluster',
    async () => {
      await publishers.start(brokers);
      await appendRandomHistory(world, 40, seededRandom(5));
      await untilPublished(world);
      await publishers.stopAll();
      const clusterOf = async (): Promise<string> =>
        (await world.pool.query(`select cluster_id from read.checkpoint where name = 'publisher'`)).rows[0].cluster_id;
      const own = await clusterOf();
      expect(own).toMatch(/^[\w-]{22}$/);
      await reader.caughtUp();
      const before = ownRecords().length;
      await world.pool.query(`update read.checkpoint set cluster_id = 'elsewhere'`);
      await publishers.start(brokers);
      await until(async () => (await clusterOf()) === own);
      await untilPublished(world);
      await reader.caughtUp();
      const again = ownRecords().slice(before);
      const idsOf = (records: typeof again) => inTopic(records, EVENTS_TOPIC.name).map(({ headers }) => headers.ce_id);
      expect(new Set(idsOf(again))).toEqual(new Set(idsOf(ownRecords().slice(0, before))));
      expect(idsOf(again).length).toBeGreaterThan(0);
    },
    TIMEOUT_MS,
  );

  it(
    'F-14 publishes in one instance, and another takes over when it ends',
    async () => {
      const first = await publishers.start(brokers);
      await until(() => first.state() === 'active');
      const second = await publishers.start(brokers);
      const users = await appendRandomHistory(world, 50, seededRandom(1));
      await untilPublished(world);
      expect(second.state()).toBe('standby');
      await first.stop();
      await until(() => second.state() === 'active');
      const more = await appendRandomHistory(world, 50, seededRandom(2));
      await untilPublished(world);
      await reader.caughtUp();
      expectPublished(ownRecords(), { log: world.eventLog.events, users: [...users, ...more] });
    },
    TIMEOUT_MS,
  );

  it(
    'F-14 resumes after it has lost the lock',
    async () => {
      const publisher = await publishers.start(brokers);
      await until(() => publisher.state() === 'active');
      await world.pool.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
      and database = (select oid from pg_database where datname = current_database())`);
      const users = await appendRandomHistory(world, 50, seededRandom(3));
      await untilPublished(world);
      await reader.caughtUp();
      expectPublished(ownRecords(), { log: world.eventLog.events, users });
    },
    TIMEOUT_MS,
  );

  it('stops when its checkpoint turns out to be of another log, and says so', async () => {
    const errors: string[] = [];
    const log = { ...silentLog, error: (message: string) => void errors.push(message) };
    const openSession: typeof openBrokerSession = async (settings) => {
      await world.pool.query('update read.checkpoint set log_id = gen_random_uuid()');
      return openBrokerSession(settings);
    };
    const publisher = await publishers.start(brokers, { log, openSession });
    await until(() => publisher.state() === 'stopped');
    expect(errors).toEqual(['publisher stopped']);
    await expect(publishers.start(brokers)).rejects.toMatchObject({ printable: true });
  });

  it('refuses to start with topics of other settings, and says what to do', async () => {
    const admin = new kafkajs.Kafka({ brokers: [brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
    await setTopicConfig(admin, STATE_TOPIC.name, { ...STATE_TOPIC.config, 'cleanup.policy': 'delete' });
    await setTopicConfig(admin, EVENTS_TOPIC.name, { ...EVENTS_TOPIC.config, 'retention.ms': '1000' });
    const start = publishers.start(brokers);
    await expect(start).rejects.toMatchObject({ name: 'TopicMismatch', printable: true });
    await expect(start).rejects.toThrow(/users\.state\.v1 has cleanup\.policy=delete, expected compact\./);
    await expect(start).rejects.toThrow(/users\.events\.v1 has retention\.ms=1000, expected 2592000000\./);
    await setTopicConfig(admin, STATE_TOPIC.name, STATE_TOPIC.config);
    await setTopicConfig(admin, EVENTS_TOPIC.name, EVENTS_TOPIC.config);
    await admin.disconnect();
    await publishers.start(brokers);
  });
});
