import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { deadLetterTopic, WORK_TOPIC } from '@ums/contracts/kafka/topics';
import kafkajs from 'kafkajs';
import { describeOn } from '../../../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, kafkaForTests } from '../../../engines/test/engineForTests.js';
import { consumerTestbed } from '../../test/consumerTestbed.js';
import { kafkaAdapter } from '../../test/kafkaAdapter.js';
import { until } from '../../test/until.js';
import { ensureTopics } from '../kafka/ensureTopics.js';
import { silentLog } from '../log.js';
import type { MessageOutcome } from '../message-source/messageSource.js';
import { metricsText } from '../metrics.js';
import { workGroup } from './kafkaSourceOptions.js';

const { Kafka, logLevel } = kafkajs;

describeOn(['Kafka'], 'the group of a consumer', () => {
  const adapter = kafkaAdapter();
  beforeAll(async () => {
    const { brokers } = await kafkaForTests();
    await adapter.connect({ brokers: [brokers], clientId: 'test', log: silentLog });
  }, ENGINE_START_TIMEOUT_MS);
  const testbed = consumerTestbed(adapter);
  const { append, consume, reached } = testbed;
  afterAll(() => adapter.close());

  const events: string[] = [];
  /** A handler that takes its time, and records its beginning and end. */
  const slow = (name: string, ms: number) => async (): Promise<MessageOutcome> => {
    events.push(`${name} begins`);
    await sleep(ms);
    events.push(`${name} ends`);
    return 'done';
  };

  it('F-23 keeps its partitions while a handler takes longer than the session time-out', async () => {
    events.length = 0;
    const { position } = await append();
    await consume(slow('handler', 7_500));
    await reached(position);
    expect(events).toEqual(['handler begins', 'handler ends']);
  });

  it('F-23 ends running handlers before another member gets the partition, and keeps what they did', async () => {
    events.length = 0;
    const { position, userId } = await append();
    await consume(slow('first', 1_500));
    await until(() => events.length === 1);
    const next = await append('UserErased', userId);
    await consume(slow('second', 1));
    await reached(next.position);
    expect(await testbed.hasReached(position)).toBe(true);
    expect(events.slice(0, 2)).toEqual(['first begins', 'first ends']);
    expect(events).toHaveLength(4);
  });

  it('exposes how many messages are not finished, until it stops', async () => {
    await append();
    let outcome: MessageOutcome = 'later';
    await consume(async () => outcome);
    const lag = (messages: string) =>
      new RegExp(`^ums_consumer_lag_messages{consumer="${testbed.consumerName()}"} ${messages}$`, 'm');
    await until(async () => lag('1').test((await metricsText()).text));
    outcome = 'done';
    await testbed.stopAll();
    expect((await metricsText()).text).not.toMatch(lag('\\d+'));
  });

  it('F-24 skips messages up to the checkpoint of the source without a broker', async () => {
    const before = await append();
    const after = await append();
    await testbed.saveCheckpoint(before);
    const handled: string[] = [];
    await consume(async ({ eventId }) => {
      handled.push(eventId);
      return 'done';
    });
    await reached(after.position);
    expect(handled).toEqual([after.id]);
  });

  it('F-12 refuses a checkpoint of the source without a broker that was made on another log', async () => {
    await testbed.saveCheckpoint(await append());
    await testbed.newLog();
    await expect(consume(async () => 'done')).rejects.toMatchObject({ name: 'StartRefused' });
  });

  it('ends when the broker refuses the group for good', async () => {
    const other = new Kafka({ brokers: [...adapter.settings().brokers], logLevel: logLevel.NOTHING }).consumer({
      groupId: workGroup(testbed.consumerName()),
      partitionAssigners: [
        (config) => ({ ...kafkajs.PartitionAssigners.roundRobin(config), name: 'other', protocol: otherProtocol }),
      ],
      maxWaitTimeInMs: 100,
    });
    await other.connect();
    await other.subscribe({ topic: WORK_TOPIC.name });
    await other.run({ eachMessage: async () => undefined });
    await consume(async () => 'done');
    await expect(testbed.takeRunning()[0]?.finished).rejects.toMatchObject({
      name: expect.stringContaining('KafkaJS'),
    });
    await other.disconnect();
  });

  it('refuses to start on a topic with other settings', async () => {
    await ensureTopics(adapter.settings(), [{ ...deadLetterTopic(testbed.consumerName()), partitions: 2 }]);
    await expect(consume(async () => 'done')).rejects.toMatchObject({ name: 'TopicMismatch' });
  });
});

/** The metadata of a protocol that the members of a consumer do not know. */
const otherProtocol = ({ topics }: { topics: string[] }) => ({
  name: 'other',
  metadata: kafkajs.AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.alloc(0) }),
});
