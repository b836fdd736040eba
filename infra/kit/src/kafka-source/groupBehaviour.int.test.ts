import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, expect, it, jest } from '@jest/globals';
import { deadLetterTopic, WORK_TOPIC } from '@ums/contracts/kafka/topics';
import kafkajs from 'kafkajs';
import { describeOn } from '../../../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, kafkaForTests } from '../../../engines/test/engineForTests.js';
import { consumerTestbed } from '../../test/consumerTestbed.js';
import { kafkaAdapter } from '../../test/kafkaAdapter.js';
import { until } from '../../test/until.js';
import { ensureTopics } from '../kafka/ensureTopics.js';
import { type Log, silentLog } from '../log.js';
import type { MessageOutcome } from '../message-source/messageSource.js';
import { metricsText } from '../metrics.js';
import { workGroup } from './kafkaSourceOptions.js';

const { Kafka, KafkaJSConnectionError, logLevel } = kafkajs;

describeOn(['Kafka'], 'the group of a consumer', () => {
  const adapter = kafkaAdapter();
  beforeAll(async () => {
    const { brokers } = await kafkaForTests();
    await adapter.connect({ brokers: [brokers], clientId: 'test', log: silentLog });
  }, ENGINE_START_TIMEOUT_MS);
  const testbed = consumerTestbed(adapter);
  const { append, consume, reached } = testbed;
  afterEach(() => {
    jest.restoreAllMocks();
  });
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

  it('waits longer after each member that fails without a commit, and briefly after one that has committed', async () => {
    const attempts: unknown[] = [];
    const warn: Log['warn'] = (message, fields) => {
      if (message === 'consumer restarts') attempts.push(fields?.attempt);
    };
    const crashes = crashesOfMembers();
    await consume(async () => 'done', { log: { ...silentLog, warn } });
    for (const member of [0, 1, 2]) {
      await until(() => crashes.length > member);
      if (member === 2) await reached((await append()).position);
      crashes[member]?.();
    }
    await until(() => attempts.length === 3);
    expect(attempts).toEqual([1, 2, 1]);
  });

  it('refuses to start on a topic with other settings', async () => {
    await ensureTopics(adapter.settings(), [{ ...deadLetterTopic(testbed.consumerName()), partitions: 2 }]);
    await expect(consume(async () => 'done')).rejects.toMatchObject({ name: 'TopicMismatch' });
  });
});

/** For each member that has joined from now on, in this order, a function that makes it fail as after a lost connection. */
const crashesOfMembers = (): (() => void)[] => {
  const crashes: (() => void)[] = [];
  const create = Kafka.prototype.consumer;
  jest.spyOn(Kafka.prototype, 'consumer').mockImplementation(function (this: InstanceType<typeof Kafka>, config) {
    const consumer = create.call(this, config);
    const on = consumer.on.bind(consumer) as (event: string, listener: (event: object) => void) => () => void;
    let crash = (): void => undefined;
    consumer.on = (event: string, listener: (event: never) => void) => {
      const notify = listener as (event: object) => void;
      if (event === consumer.events.CRASH) {
        crash = () => notify({ payload: { error: new KafkaJSConnectionError('closed', {}) } });
      }
      return on(event, (given) => {
        notify(given);
        if (event === consumer.events.GROUP_JOIN) crashes.push(() => crash());
      });
    };
    return consumer;
  });
  return crashes;
};

/** The metadata of a protocol that the members of a consumer do not know. */
const otherProtocol = ({ topics }: { topics: string[] }) => ({
  name: 'other',
  metadata: kafkajs.AssignerProtocol.MemberMetadata.encode({ version: 1, topics, userData: Buffer.alloc(0) }),
});
