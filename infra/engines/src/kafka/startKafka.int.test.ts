import { beforeAll, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { describeOn } from '../../test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, kafkaForTests } from '../../test/engineForTests.js';
import type { Kafka } from './startKafka.js';

describeOn(['Kafka'], 'startKafka', () => {
  let kafka: Kafka;
  beforeAll(async () => {
    kafka = await kafkaForTests();
  }, ENGINE_START_TIMEOUT_MS);

  it('starts a broker that creates topics with the given configuration', async () => {
    const admin = new kafkajs.Kafka({ brokers: [kafka.brokers], logLevel: kafkajs.logLevel.NOTHING }).admin();
    await admin.connect();
    const configEntries = [{ name: 'cleanup.policy', value: 'compact' }];
    await admin.createTopics({ waitForLeaders: false, topics: [{ topic: 'states', numPartitions: 3, configEntries }] });
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: 'states', configNames: ['cleanup.policy'] }],
    });
    expect(resources[0]?.configEntries[0]).toMatchObject({ configName: 'cleanup.policy', configValue: 'compact' });
    await admin.disconnect();
  });
});
