import { afterAll, beforeAll } from '@jest/globals';
import { describeOn } from '../../../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, kafkaForTests } from '../../../engines/test/engineForTests.js';
import { consumerTestbed } from '../../test/consumerTestbed.js';
import { deadLetterContract } from '../../test/deadLetterContract.js';
import { kafkaAdapter } from '../../test/kafkaAdapter.js';
import { messageSourceContract } from '../../test/messageSourceContract.js';
import { silentLog } from '../log.js';

describeOn(['Kafka'], 'kafkaSource', () => {
  const adapter = kafkaAdapter();
  beforeAll(async () => {
    const { brokers } = await kafkaForTests();
    await adapter.connect({ brokers: [brokers], clientId: 'test', log: silentLog });
  }, ENGINE_START_TIMEOUT_MS);
  const testbed = consumerTestbed(adapter);
  afterAll(() => adapter.close());

  messageSourceContract(testbed);
  deadLetterContract(testbed);
});
