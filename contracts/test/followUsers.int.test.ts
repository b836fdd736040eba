import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, it } from '@jest/globals';
import { PUBLISHED_TOPICS, type Topic } from '@ums/contracts/kafka/topics';
import kafkajs from 'kafkajs';
import { describeOn } from '../../infra/engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, kafkaForTests } from '../../infra/engines/test/engineForTests.js';
import { until } from '../../infra/kit/test/until.js';
import { contractMismatches } from './contractMismatches.js';
import { publishedHistory } from './publishedHistory.js';

const { ConfigResourceTypes, Kafka, logLevel } = kafkajs;
const PROGRAM = join(import.meta.dirname, '../public/consumer/followUsers.mjs');

describeOn(['Kafka'], 'the contract on a real broker', () => {
  let brokers: string;
  let kafka: InstanceType<typeof Kafka>;
  let child: ChildProcess | undefined;

  beforeAll(async () => {
    ({ brokers } = await kafkaForTests());
    kafka = new Kafka({ brokers: [brokers], logLevel: logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    const topics = PUBLISHED_TOPICS.map(({ name, partitions, config }) => ({
      ...{ topic: name, numPartitions: partitions, replicationFactor: 1 },
      configEntries: Object.entries(config).map(([setting, value]) => ({ name: setting, value })),
    }));
    await admin.createTopics({ topics, waitForLeaders: false });
    await until(async () => (await admin.listTopics()).length >= topics.length);
    await admin.disconnect();
  }, ENGINE_START_TIMEOUT_MS);

  afterEach(async () => {
    const running = child;
    if (running?.exitCode !== null) return;
    const exited = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGTERM');
    await exited;
  });

  it('creates the topics with the settings that are declared', async () => {
    const admin = kafka.admin();
    await admin.connect();
    const resources = PUBLISHED_TOPICS.map(({ name }) => ({ type: ConfigResourceTypes.TOPIC, name }));
    const described = await admin.describeConfigs({ resources, includeSynonyms: false });
    const { topics } = await admin.fetchTopicMetadata({ topics: PUBLISHED_TOPICS.map(({ name }) => name) });
    await admin.disconnect();
    for (const { name, partitions, config } of PUBLISHED_TOPICS) {
      const found = described.resources.find(({ resourceName }) => resourceName === name)?.configEntries ?? [];
      expect(Object.fromEntries(found.map(({ configName, configValue }) => [configName, configValue]))).toMatchObject(
        config,
      );
      expect(topics.find((topic) => topic.name === name)?.partitions).toHaveLength(partitions);
    }
  });

  it('lets the example of a consumer follow a user to the erasure, over records that are repeated', async () => {
    const producer = kafka.producer({ createPartitioner: kafkajs.Partitioners.DefaultPartitioner });
    await producer.connect();
    const send = ({ name }: Topic, ...records: { key: string; value: string | null; headers: object }[]) =>
      producer.send({
        topic: name,
        messages: records.map(({ key, value, headers }) => ({ key, value, headers: { ...headers } })),
      });
    const steps = publishedHistory();
    for (const { event, stateAfter } of steps) {
      await send(event.topic, event, event);
      await send(stateAfter.topic, stateAfter);
    }
    await producer.disconnect();

    let output = '';
    const lines = () => output.split('\n').slice(0, -1);
    child = spawn(process.execPath, [PROGRAM, brokers], { stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    await until(() => lines().length >= steps.length * 3);

    const last = `revision ${steps.at(-1)?.event.headers.ce_revision}, 0 active`;
    expect(lines().some((line) => line.startsWith('applied') && line.endsWith(last))).toBe(true);
    expect(lines().filter((line) => line.startsWith('repeated')).length).toBeGreaterThanOrEqual(steps.length);
    expect(lines().some((line) => line.startsWith('user '))).toBe(false);
  }, 180_000);

  it('delivers records as the contract promises them', async () => {
    const consumer = kafka.consumer({ groupId: 'contract', maxWaitTimeInMs: 100 });
    const checked: string[][] = [];
    await consumer.connect();
    await consumer.subscribe({ topics: PUBLISHED_TOPICS.map(({ name }) => name), fromBeginning: true });
    await consumer.run({
      eachMessage: async ({ topic, message }) => void checked.push(contractMismatches(topic, message)),
    });
    await until(() => checked.length >= publishedHistory().length * 3);
    await consumer.disconnect();
    expect(checked.flat()).toEqual([]);
  }, 180_000);
});
