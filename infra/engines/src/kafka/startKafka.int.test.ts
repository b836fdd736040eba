import { createServer } from 'node:net';
import { beforeAll, expect, it } from '@jest/globals';
import kafkajs, { type Kafka as KafkaClient } from 'kafkajs';
import { damagedInstallation, installationWithoutArchive } from '../../test/copiedInstallation.js';
import { describeOnOwn } from '../../test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, ownKafka, temporaryFolder } from '../../test/engineForTests.js';
import { createTopic, valuesOf } from '../../test/topics.js';
import { withEnvironment } from '../../test/withEnvironment.js';
import { PortTaken } from '../realEngineFailed.js';
import { KAFKA, type Kafka } from './startKafka.js';

describeOnOwn(['Kafka'], 'startKafka', () => {
  let dataDir: string;
  let kafka: Kafka;
  let topic: string;
  beforeAll(async () => {
    dataDir = await temporaryFolder('ums-kafka-');
    kafka = await ownKafka({ dataDir });
    topic = await createTopic(clientOf(kafka));
    await send('first');
  }, ENGINE_START_TIMEOUT_MS);

  const clientOf = ({ brokers }: Kafka): KafkaClient =>
    new kafkajs.Kafka({ brokers: [brokers], logLevel: kafkajs.logLevel.NOTHING });
  const send = async (value: string): Promise<void> => {
    const producer = clientOf(kafka).producer();
    await producer.connect();
    await producer.send({ topic, messages: [{ value }] });
    await producer.disconnect();
  };
  const restart = async (options: Parameters<typeof ownKafka>[0] = {}): Promise<void> => {
    kafka = await ownKafka({ dataDir, ...options });
  };

  it('keeps topics and ports over a restart', async () => {
    const before = kafka;
    await kafka.stop();
    await restart();
    expect(kafka.brokers).toBe(before.brokers);
    expect(await valuesOf(clientOf(kafka), topic)).toEqual(['first']);
  }, 300_000);

  it('keeps acknowledged messages over kill -9, on another port', async () => {
    const before = kafka;
    await send('second');
    await kafka.kill();
    await restart({ port: 0 });
    expect(kafka.port).not.toBe(before.port);
    expect(await valuesOf(clientOf(kafka), topic)).toEqual(['first', 'second']);
  }, 300_000);

  it('chooses new ports when another program listens on the kept one, but not instead of a fixed one', async () => {
    const { port } = kafka;
    await kafka.stop();
    const other = createServer();
    await new Promise<void>((resolve) => void other.listen(port, '127.0.0.1', resolve));
    await expect(restart({ port })).rejects.toThrow(PortTaken);
    await restart();
    other.close();
    expect(kafka.port).not.toBe(port);
    expect(await valuesOf(clientOf(kafka), topic)).toEqual(['first', 'second']);
  }, 600_000);

  it('applies properties of the caller', async () => {
    const broker = await ownKafka({ properties: { 'log.retention.ms': '12345' } });
    const admin = clientOf(broker).admin();
    await admin.connect();
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [{ type: kafkajs.ConfigResourceTypes.BROKER, name: '1', configNames: ['log.retention.ms'] }],
    });
    expect(resources[0]?.configEntries[0]).toMatchObject({ configValue: '12345' });
    await admin.disconnect();
    await broker.stop();
  }, 300_000);

  it('starts without a class archive', async () => {
    const ENGINES_CACHE = await installationWithoutArchive(KAFKA);
    const broker = await withEnvironment({ ENGINES_CACHE }, () => ownKafka());
    expect(await createTopic(clientOf(broker))).toMatch(/^topic-/);
    await broker.stop();
  }, 300_000);

  it('starts with options in the environment that belong to other Java programs', async () => {
    const option = '-XX:+Nonsense';
    const env = { JAVA_TOOL_OPTIONS: option, _JAVA_OPTIONS: option, JDK_JAVA_OPTIONS: option };
    const broker = await withEnvironment(env, () => ownKafka());
    await broker.stop();
  }, 300_000);

  it('shows the last lines of the log and the folder to delete when a jar is damaged', async () => {
    const ENGINES_CACHE = await damagedInstallation(KAFKA, /^kafka_2\.13-/);
    const failing = withEnvironment({ ENGINES_CACHE }, () => ownKafka());
    await expect(failing).rejects.toThrow(
      /^Kafka 4\.[\s\S]*may be damaged: delete \S+ and start again\. Its last lines:\n/,
    );
  }, 300_000);

  it('refuses a folder on which another broker runs, and does not disturb that one', async () => {
    await expect(ownKafka({ dataDir })).rejects.toThrow(`Another process uses the folder ${dataDir}`);
    await send('third');
    expect(await valuesOf(clientOf(kafka), topic)).toEqual(['first', 'second', 'third']);
  }, 300_000);
});
