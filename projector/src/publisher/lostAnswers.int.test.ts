import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { PUBLISHED_TOPICS } from '@ums/contracts/kafka/topics';
import { silentLog } from '@ums/kit/log';
import { describeOnOwn } from '../../../infra/engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS } from '../../../infra/engines/test/engineForTests.js';
import { type ProxiedKafka, proxiedKafka } from '../../../infra/engines/test/proxiedKafka.js';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import { topicsOnNewBroker } from '../../../infra/kit/test/topicsOnNewBroker.js';
import { until } from '../../../infra/kit/test/until.js';
import { expectPublished, inTopic, recordsOfLog } from '../../test/publishedRecords.js';
import { activeUntil, publisherDeps, untilPublishedAtLast } from '../../test/publisherWorld.js';
import { appendRandomHistory, type ExpectedProfile, seededRandom } from '../../test/randomHistory.js';
import { runningPublishers } from '../../test/runningPublishers.js';
import { readTopics, type TopicReader } from '../../test/topicReader.js';
import { createWorld, USER_SUSPENDED, type World } from '../../test/world.js';
import { openBrokerSession } from './brokerSession.js';
import { publishBatch, publisherCheckpoint } from './publishBatch.js';

const TIMEOUT_MS = 600_000;

describeOnOwn(['Kafka'], 'a publisher behind a network that loses answers', () => {
  let kafka: ProxiedKafka;
  let reader: TopicReader;
  let world: World;
  let publishers: ReturnType<typeof runningPublishers>;
  let users: ExpectedProfile[];
  let seed = Date.now() % 1_000_000;
  beforeAll(async () => {
    kafka = await proxiedKafka();
    await topicsOnNewBroker({ brokers: [kafka.brokers], clientId: 'test', log: silentLog }, PUBLISHED_TOPICS);
    reader = await readTopics([kafka.kafka.brokers]);
  }, ENGINE_START_TIMEOUT_MS);
  beforeEach(async () => {
    world = await createWorld();
    publishers = runningPublishers(world);
    users = [];
  });
  afterEach(async () => {
    await publishers.stopAll();
    await world.close();
  });
  afterAll(() => reader?.close());

  const addHistory = async (): Promise<void> => {
    users.push(...(await appendRandomHistory(world, 10, seededRandom(seed++))));
  };
  const ownRecords = async () => {
    await reader.caughtUp();
    return recordsOfLog(reader.records, world.eventLog.events);
  };
  const expectAllPublished = async (): Promise<void> =>
    expectPublished(await ownRecords(), { log: world.eventLog.events, users });
  const startAndPublish = async (): Promise<void> => {
    await publishers.start(kafka.brokers);
    await addHistory();
    await untilPublishedAtLast(world);
  };

  it(
    'F-11 loses no acknowledged event when an answer is lost and the broker is unreachable for a while',
    async () => {
      await startAndPublish();
      for (let round = 0; round < faultRounds({ usual: 2, full: 20 }); round++) {
        const swallowed = kafka.proxy.swallowProduceAnswer('cut');
        await addHistory();
        await swallowed;
        await kafka.proxy.refuse();
        await addHistory();
        await kafka.proxy.accept();
        await addHistory();
        await untilPublishedAtLast(world);
      }
      await expectAllPublished();
    },
    TIMEOUT_MS,
  );

  it(
    'F-11 loses no acknowledged event when an answer is lost while more events queue up',
    async () => {
      await startAndPublish();
      for (let round = 0; round < faultRounds({ usual: 3, full: 24 }); round++) {
        const swallowed = kafka.proxy.swallowProduceAnswer(round % 2 === 0 ? 'cut' : 'keep');
        await Promise.all([addHistory(), swallowed]);
        await addHistory();
        await untilPublishedAtLast(world);
      }
      await expectAllPublished();
    },
    TIMEOUT_MS,
  );

  it(
    'F-14 leaves nothing stale in the state topic when a send of states is held back in the network',
    async () => {
      await startAndPublish();
      const userId = await world.register('Ada');
      await untilPublishedAtLast(world);
      const held = kafka.proxy.holdProduce();
      await world.append(userId, USER_SUSPENDED);
      await held.arrived;
      // Gives up the held send, and publishes this event too.
      await world.append(userId, { type: 'RoleGranted', data: { role: 'admin' } });
      await untilPublishedAtLast(world);
      await held.release();
      const states = inTopic(await ownRecords(), 'users.state.v1').filter(({ key }) => key === userId);
      expect(states.map(({ headers }) => headers.ce_revision)).toEqual(['0', '2']);
    },
    TIMEOUT_MS,
  );

  it(
    'F-14 repeats only known events when a send of events is held back until another publisher has taken over',
    async () => {
      await addHistory();
      const deps = publisherDeps(world, { openSession: async () => session });
      const session = await openedSession(kafka.brokers);
      const from = await publisherCheckpoint().begin(world.pool, world.logId);
      const { signal } = new AbortController();
      const events = await world.eventLog.readAll(undefined, 100);
      const states = session.sendStates;
      let held: ReturnType<typeof kafka.proxy.holdProduce> | undefined;
      const holdingEvents = {
        ...session,
        sendStates: async (...args: Parameters<typeof states>) => {
          await states(...args);
          held = kafka.proxy.holdProduce();
        },
      };
      const stale = publishBatch(deps, holdingEvents, activeUntil(signal), from, events).catch((error) => error.name);
      await until(() => held !== undefined);
      await held?.arrived;
      expect(await stale).toBe('DependencyUnavailable');
      await startAndPublish();
      await held?.release();
      await expectAllPublished();
    },
    TIMEOUT_MS,
  );

  it(
    'F-14 refuses a publisher that was superseded without noticing it',
    async () => {
      await addHistory();
      const old = await openedSession(kafka.brokers);
      const deps = publisherDeps(world, { openSession: async () => old });
      const from = await publisherCheckpoint().begin(world.pool, world.logId);
      const events = await world.eventLog.readAll(undefined, 5);
      await startAndPublish();
      await publishers.stopAll();
      const before = (await ownRecords()).length;
      const { signal } = new AbortController();
      const woken = publishBatch(deps, old, activeUntil(signal), from, events);
      await expect(woken).rejects.toMatchObject({ name: 'Superseded' });
      // Even if Postgres had lost the move of the checkpoint, the broker refuses, and no event is sent either.
      await world.pool.query('delete from read.checkpoint; truncate read.public_state');
      await publisherCheckpoint().begin(world.pool, world.logId);
      const again = publishBatch(deps, old, activeUntil(signal), from, events);
      await expect(again).rejects.toMatchObject({ name: 'Fenced' });
      expect(await ownRecords()).toHaveLength(before);
      await expectAllPublished();
    },
    TIMEOUT_MS,
  );
});

const openedSession = async (brokers: string) => {
  const settings = { brokers: [brokers], clientId: 'test', log: silentLog };
  let session: Awaited<ReturnType<typeof openBrokerSession>> | undefined;
  await until(async () => {
    session = await openBrokerSession(settings).catch(() => undefined);
    return session !== undefined;
  });
  return session as NonNullable<typeof session>;
};
