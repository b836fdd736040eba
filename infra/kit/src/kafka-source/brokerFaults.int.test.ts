import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { deadLetterTopic } from '@ums/contracts/kafka/topics';
import type { Kafka } from '../../../engines/src/kafka/startKafka.js';
import { describeOnOwn } from '../../../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, ownKafka, temporaryFolder } from '../../../engines/test/engineForTests.js';
import { consumerTestbed } from '../../test/consumerTestbed.js';
import { kafkaAdapter } from '../../test/kafkaAdapter.js';
import { settlesWithin } from '../../test/settlesWithin.js';
import { until } from '../../test/until.js';
import { ensureTopics } from '../kafka/ensureTopics.js';
import { silentLog } from '../log.js';
import type { Consumer } from '../message-source/messageSource.js';

const RESTART_TIMEOUT_MS = 300_000;
/** A member that lost its broker pauses for up to five seconds between its attempts, and the group for as long as a session. */
const RECOVERY_MS = 60_000;

describeOnOwn(['Kafka'], 'a consumer on a broker that fails', () => {
  const adapter = kafkaAdapter();
  let kafka: Kafka;
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await temporaryFolder('ums-kafka-');
    kafka = await ownKafka({ dataDir });
    await adapter.connect({ brokers: [kafka.brokers], clientId: 'test', log: silentLog });
  }, ENGINE_START_TIMEOUT_MS);
  const testbed = consumerTestbed(adapter);
  const { append, consume, reached } = testbed;
  afterAll(() => adapter.close());

  const restart = async (): Promise<void> => {
    kafka = await ownKafka({ dataDir, port: kafka.port });
  };
  const handled: string[] = [];
  const handle: Consumer['handle'] = async ({ eventId }) => {
    handled.push(eventId);
    return 'done';
  };
  beforeEach(() => {
    handled.length = 0;
  });

  it(
    'F-20 starts without a broker, and begins when it is there',
    async () => {
      const { id, position } = await append();
      await kafka.stop();
      await consume(handle);
      await restart();
      await reached(position, RECOVERY_MS);
      expect(handled).toEqual([id]);
    },
    RESTART_TIMEOUT_MS,
  );

  it(
    'F-20 continues after the broker was killed, loses nothing and keeps the order of each key',
    async () => {
      const first = await append();
      await consume(handle);
      await reached(first.position);
      const ids = [first.id];
      for (let n = 0; n < 5; n++) ids.push((await append('UserErased', first.userId)).id);
      await kafka.kill();
      await restart();
      for (let n = 0; n < 5; n++) ids.push((await append('UserErased', first.userId)).id);
      const last = await append('UserErased', first.userId);
      await reached(last.position, RECOVERY_MS);
      expect([...new Set(handled)]).toEqual([...ids, last.id]);
    },
    RESTART_TIMEOUT_MS,
  );

  it(
    'F-20 continues after the broker was stopped for eight seconds',
    async () => {
      const first = await append();
      await consume(handle);
      await reached(first.position);
      process.kill(kafka.pid, 'SIGSTOP');
      await sleep(8_000);
      process.kill(kafka.pid, 'SIGCONT');
      const last = await append('UserErased', first.userId);
      await until(() => handled.includes(last.id), RECOVERY_MS);
      await reached(last.position, RECOVERY_MS);
      expect([...new Set(handled)]).toEqual([first.id, last.id]);
    },
    RESTART_TIMEOUT_MS,
  );

  it(
    'waits for an operator when the broker comes with topics that have other settings',
    async () => {
      const topic = { ...deadLetterTopic(testbed.consumerName()), partitions: 2 };
      await ensureTopics(adapter.settings(), [topic]);
      await kafka.stop();
      const errors: unknown[] = [];
      const log = { ...silentLog, error: (message: string) => void errors.push(message) };
      await consume(handle, { log });
      await restart();
      await until(() => errors.includes('consumer waits for an operator'), RECOVERY_MS);
    },
    RESTART_TIMEOUT_MS,
  );

  it(
    'F-32 stops while the broker is away',
    async () => {
      const { position } = await append();
      await consume(handle);
      await reached(position);
      await kafka.kill();
      const stopping = testbed.stopAll();
      expect(await settlesWithin(10_000, stopping)).toBe(true);
      await stopping;
      await restart();
    },
    RESTART_TIMEOUT_MS,
  );
});
