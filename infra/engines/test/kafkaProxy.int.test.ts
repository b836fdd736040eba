import { afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import kafkajs, { type Kafka as KafkaClient, type Producer } from 'kafkajs';
import { describeOnOwn } from './describeOn.js';
import { ENGINE_START_TIMEOUT_MS } from './engineForTests.js';
import { type ProxiedKafka, proxiedKafka } from './proxiedKafka.js';
import { createTopic, valuesOf } from './topics.js';

const { CompressionTypes, Kafka, logLevel } = kafkajs;

/** By default a second, which a slow machine takes longer than. */
const CONNECTING = { connectionTimeout: 20_000 };
/** Of a client that is to give up. What it sends before must be answered in this time too. */
const SHORT_MS = 3_000;

describeOnOwn(['Kafka'], 'startKafkaProxy', () => {
  let broker: ProxiedKafka;
  let direct: KafkaClient;
  beforeAll(async () => {
    broker = await proxiedKafka();
    direct = new Kafka({ ...CONNECTING, brokers: [broker.kafka.brokers], logLevel: logLevel.NOTHING });
  }, ENGINE_START_TIMEOUT_MS);

  let topic: string;
  let producers: Producer[];
  beforeEach(async () => {
    topic = await createTopic(direct);
    producers = [];
  });
  afterEach(async () => {
    await broker.proxy.accept();
    broker.proxy.delay(0);
    for (const producer of producers) await producer.disconnect();
  });

  const connected = async (client: KafkaClient): Promise<Producer> => {
    const producer = client.producer({ retry: { retries: 0 } });
    producers.push(producer);
    await producer.connect();
    return producer;
  };
  /** A producer behind the proxy that has a connection to the partition's leader. */
  const proxied = async (requestTimeout = 30_000): Promise<Producer> => {
    const options = { brokers: [broker.brokers], logLevel: logLevel.NOTHING, retry: { retries: 0 }, requestTimeout };
    const producer = await connected(new Kafka({ ...CONNECTING, ...options, enforceRequestTimeout: true }));
    await send(producer, 'first');
    return producer;
  };
  const send = (producer: Producer, value: string) =>
    producer.send({ topic, messages: [{ value }], acks: -1, compression: CompressionTypes.None });

  it('passes a Produce request on and withholds its answer', async () => {
    const producer = await proxied();
    const swallowed = broker.proxy.swallowProduceAnswer();
    await expect(send(producer, 'stored')).rejects.toThrow();
    await swallowed;
    expect(await valuesOf(direct, topic)).toEqual(['first', 'stored']);
  });

  it('with `keep`, leaves the connection of a withheld answer open until the client gives up', async () => {
    const producer = await proxied(SHORT_MS);
    const { connections } = broker.proxy;
    const swallowed = broker.proxy.swallowProduceAnswer('keep');
    await expect(send(producer, 'stored')).rejects.toThrow(/timed out/);
    await swallowed;
    expect(broker.proxy.connections).toBe(connections);
    expect(await valuesOf(direct, topic)).toEqual(['first', 'stored']);
  });

  it('holds a Produce request back until it is released, also when its client is gone', async () => {
    const producer = await proxied(SHORT_MS);
    const held = broker.proxy.holdProduce();
    const givenUp = expect(send(producer, 'late')).rejects.toThrow(/timed out/);
    await held.arrived;
    await givenUp;
    await producer.disconnect();
    await send(await connected(direct), 'early');
    expect(await valuesOf(direct, topic)).toEqual(['first', 'early']);
    await held.release();
    expect(await valuesOf(direct, topic)).toEqual(['first', 'early', 'late']);
  });

  it('delivers the answer of a released Produce request to its client', async () => {
    const producer = await proxied();
    const held = broker.proxy.holdProduce();
    const sent = send(producer, 'second');
    await held.arrived;
    await held.release();
    expect(await sent).toEqual([expect.objectContaining({ errorCode: 0, baseOffset: '1' })]);
  });

  it('refuses connections until it accepts them again', async () => {
    const producer = await proxied();
    await broker.proxy.refuse();
    await expect(send(producer, 'refused')).rejects.toThrow();
    await expect(proxied()).rejects.toThrow();
    await broker.proxy.accept();
    await proxied();
    expect(await valuesOf(direct, topic)).toEqual(['first', 'first']);
  });

  it('cuts open connections and accepts new ones', async () => {
    const producer = await proxied();
    const held = broker.proxy.holdProduce();
    const sent = send(producer, 'cut');
    await held.arrived;
    broker.proxy.cut();
    await expect(sent).rejects.toThrow();
    await send(await proxied(), 'second');
    await held.release();
    expect(await valuesOf(direct, topic)).toEqual(['first', 'first', 'second', 'cut']);
  });

  it('delays both directions', async () => {
    const producer = await proxied();
    broker.proxy.delay(100);
    const startedAt = performance.now();
    await send(producer, 'second');
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(195);
  });
});
