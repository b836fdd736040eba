import { join } from 'node:path';
import { afterAll, beforeAll, expect } from '@jest/globals';
import type { Kafka } from '@ums/engines/kafka/startKafka';
import { describeOnOwn } from '../../../infra/engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, ownKafka } from '../../../infra/engines/test/engineForTests.js';
import { itOnSmallDisk } from '../../../infra/engines/test/smallDisk.js';
import { until } from '../../../infra/kit/test/until.js';
import { expectPublished, recordsOfLog } from '../../test/publishedRecords.js';
import { untilPublished, untilPublishedAtLast } from '../../test/publisherWorld.js';
import { appendRandomHistory, seededRandom } from '../../test/randomHistory.js';
import { runningPublishers } from '../../test/runningPublishers.js';
import { readTopics } from '../../test/topicReader.js';
import { createWorld, type World } from '../../test/world.js';

const DISK_MB = 64;

describeOnOwn(['Kafka'], 'a publisher whose broker has a full disk', () => {
  let world: World;
  let publishers: ReturnType<typeof runningPublishers>;
  beforeAll(async () => {
    world = await createWorld();
    publishers = runningPublishers(world);
  }, ENGINE_START_TIMEOUT_MS);
  afterAll(async () => {
    await publishers.stopAll();
    await world.close();
  });

  itOnSmallDisk(
    'F-11 F-20 publishes everything once the disk has space and the broker runs again',
    DISK_MB,
    async ({ path, fill, free }) => {
      const dataDir = join(path, 'kafka');
      let brokerFailed: (value: unknown) => void = () => undefined;
      const failed = new Promise((resolve) => (brokerFailed = resolve));
      const kafka: Kafka = await ownKafka({ dataDir, onFatal: brokerFailed });
      const random = seededRandom(Date.now() % 1_000_000);
      const publisher = await publishers.start(kafka.brokers);
      const users = await appendRandomHistory(world, 30, random);
      await untilPublished(world);

      await fill();
      // More than the rest of the pages that the broker's files already use.
      users.push(...(await appendRandomHistory(world, 300, random)));
      await failed;
      await until(async () => (await publisher.lagSeconds()) > 0);

      await free();
      const { brokers } = await ownKafka({ dataDir });
      await untilPublishedAtLast(world);
      const reader = await readTopics([brokers]);
      await reader.caughtUp();
      await reader.close();
      expectPublished(recordsOfLog(reader.records, world.eventLog.events), { log: world.eventLog.events, users });
      expect(publisher.state()).toBe('active');
    },
    600_000,
  );
});
