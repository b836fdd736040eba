import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { Kafka } from '@ums/engines/kafka/startKafka';
import { silentLog } from '@ums/kit/log';
import { describeOnOwn } from '../../../infra/engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, ownKafka, temporaryFolder } from '../../../infra/engines/test/engineForTests.js';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import { until } from '../../../infra/kit/test/until.js';
import { expectPublished, inTopic, recordsOfLog } from '../../test/publishedRecords.js';
import { untilPublishedAtLast } from '../../test/publisherWorld.js';
import { appendRandomHistory, type ExpectedProfile, seededRandom } from '../../test/randomHistory.js';
import { runningPublishers } from '../../test/runningPublishers.js';
import { readTopics } from '../../test/topicReader.js';
import { createWorld, USER_SUSPENDED, type World } from '../../test/world.js';

const TIMEOUT_MS = 420_000;
const KILLS = faultRounds({ usual: 1, full: 10 });

describeOnOwn(['Kafka'], 'F-20 a publisher whose broker fails', () => {
  let kafka: Kafka;
  let dataDir: string;
  let world: World;
  let publishers: ReturnType<typeof runningPublishers>;
  let users: ExpectedProfile[];
  let seed = Date.now() % 1_000_000;
  beforeAll(async () => {
    dataDir = await temporaryFolder('ums-kafka-outages-');
    kafka = await ownKafka({ dataDir });
  }, ENGINE_START_TIMEOUT_MS);
  beforeEach(async () => {
    world = await createWorld();
    publishers = runningPublishers(world);
    users = [];
  });
  afterEach(async () => {
    await publishers.stopAll();
    await world.close();
  }, 180_000);

  const addHistory = async (steps = 30): Promise<void> => {
    users.push(...(await appendRandomHistory(world, steps, seededRandom(seed++))));
  };
  const restart = async (port?: number): Promise<void> => {
    kafka = await ownKafka({ dataDir, ...(port === undefined ? {} : { port }) });
  };
  const ownRecords = async () => {
    const reader = await readTopics([kafka.brokers]);
    await reader.caughtUp();
    await reader.close();
    return recordsOfLog(reader.records, world.eventLog.events);
  };
  const expectAllPublished = async (): Promise<void> =>
    expectPublished(await ownRecords(), { log: world.eventLog.events, users });
  const untilAllPublished = (): Promise<void> => untilPublishedAtLast(world);

  it(
    'starts without a broker, reports its lag, and publishes all once the broker is there',
    async () => {
      await kafka.stop();
      await addHistory();
      const warnings: string[] = [];
      const log = { ...silentLog, warn: (message: string) => void warnings.push(message) };
      const publisher = await publishers.start(kafka.brokers, { log });
      expect(warnings).toContain('publisher starts without a broker');
      await until(async () => (await publisher.lagSeconds()) > 0);
      await restart();
      await untilAllPublished();
      await expectAllPublished();
      await until(async () => (await publisher.lagSeconds()) === 0);
    },
    TIMEOUT_MS,
  );

  it(
    'F-11 loses nothing when the broker is killed',
    async () => {
      await publishers.start(kafka.brokers);
      for (let kill = 0; kill < KILLS; kill++) {
        await addHistory();
        await kafka.kill();
        await addHistory();
        await restart();
        await addHistory();
        await untilAllPublished();
      }
      await expectAllPublished();
    },
    KILLS * TIMEOUT_MS,
  );

  it.each(faultRounds({ usual: 1, full: 2 }) > 1 ? [8, 40] : [8])(
    'loses nothing when the broker is stopped for %i s',
    async (seconds) => {
      await publishers.start(kafka.brokers);
      await addHistory();
      process.kill(kafka.pid, 'SIGSTOP');
      try {
        await addHistory();
        await sleep(seconds * 1_000);
      } finally {
        process.kill(kafka.pid, 'SIGCONT');
      }
      await addHistory();
      await untilAllPublished();
      await expectAllPublished();
    },
    TIMEOUT_MS,
  );

  it(
    'keeps the later one of two states of a user when the broker is stopped between them',
    async () => {
      await publishers.start(kafka.brokers);
      const userId = await world.register('Ada');
      await untilAllPublished();
      process.kill(kafka.pid, 'SIGSTOP');
      try {
        await world.append(userId, USER_SUSPENDED);
        // Longer than a send: at least one was given up, and is still on its way to the broker.
        await sleep(8_000);
        await world.append(userId, { type: 'RoleGranted', data: { role: 'admin' } });
      } finally {
        process.kill(kafka.pid, 'SIGCONT');
      }
      await untilAllPublished();
      const states = inTopic(await ownRecords(), 'users.state.v1');
      expect(states.at(-1)).toMatchObject({ headers: { ce_revision: '2' }, value: expect.stringContaining('admin') });
    },
    TIMEOUT_MS,
  );

  it(
    'goes on when the broker comes back on another port that is listed too',
    async () => {
      const other = await ownKafka();
      const { port } = other;
      await other.stop();
      await publishers.start(`${kafka.brokers},127.0.0.1:${port}`);
      await addHistory();
      await untilAllPublished();
      await kafka.stop();
      await addHistory();
      await restart(port);
      await untilAllPublished();
      await expectAllPublished();
    },
    TIMEOUT_MS,
  );
});
