import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { BrokerRecord } from '@ums/contracts/kafka/cloudEvent';
import type { Topic } from '@ums/contracts/kafka/topics';
import kafkajs from 'kafkajs';
import { describeOn } from '../../../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, kafkaForTests } from '../../../engines/test/engineForTests.js';
import { settlesWithin } from '../../test/settlesWithin.js';
import { until } from '../../test/until.js';
import { silentLog } from '../log.js';
import { ensureTopics } from './ensureTopics.js';
import type { KafkaSettings } from './kafkaClient.js';
import { openProducer, type RecordProducer, SEND_TIMEOUT_MS } from './producer.js';
import { openTransactionalProducer } from './transactionalProducer.js';

const TOPIC: Topic = { name: 'sent', partitions: 2, config: { 'cleanup.policy': 'delete' } };

describeOn(['Kafka'], 'producers', () => {
  let settings: KafkaSettings;
  const received: string[] = [];
  let stopReading: () => Promise<void>;
  const open: RecordProducer[] = [];
  beforeAll(async () => {
    const { brokers } = await kafkaForTests();
    settings = { brokers: [brokers], clientId: 'test', log: silentLog };
    await ensureTopics(settings, [TOPIC]);
    const kafka = new kafkajs.Kafka({ brokers: [brokers], logLevel: kafkajs.logLevel.NOTHING });
    const consumer = kafka.consumer({ groupId: 'test', maxWaitTimeInMs: 100 });
    await consumer.connect();
    await consumer.subscribe({ topic: TOPIC.name, fromBeginning: true });
    await consumer.run({ eachMessage: async ({ message }) => void received.push(String(message.value)) });
    stopReading = () => consumer.disconnect();
    // The broker refuses the first send into a new topic until it leads it.
    await until(async () => {
      const producer = await openProducer(settings);
      const isStored = await producer.send([record('ready')]).then(
        () => true,
        () => false,
      );
      producer.destroy();
      return isStored;
    });
  }, ENGINE_START_TIMEOUT_MS);
  afterAll(async () => {
    for (const producer of open) producer.destroy();
    await stopReading();
  });

  const record = (value: string): BrokerRecord => ({ topic: TOPIC, key: 'one key', value, headers: { name: value } });
  const opened = async (opening: Promise<RecordProducer>): Promise<RecordProducer> => {
    const producer = await opening;
    open.push(producer);
    return producer;
  };
  const transactional = (id: string) => opened(openTransactionalProducer(settings, id));

  it('stores records in order, with and without transactions', async () => {
    const plain = await opened(openProducer(settings));
    await plain.send([record('p1'), record('p2')]);
    await plain.send([record('p3')]);
    const producer = await transactional('orderly');
    for (const value of ['t1', 't2', 't3']) await producer.send([record(value)]);
    await until(() => received.includes('t3'));
    expect(received.slice(-6)).toEqual(['p1', 'p2', 'p3', 't1', 't2', 't3']);
  });

  it('F-14 fences a producer as soon as another one with its id is open', async () => {
    const first = await transactional('fenced');
    await first.send([record('of the first')]);
    const second = await transactional('fenced');
    await expect(first.send([record('stale')])).rejects.toMatchObject({ name: 'Fenced' });
    await expect(first.send([record('stale')])).rejects.toMatchObject({ name: 'Fenced' });
    await second.send([record('of the second')]);
    await until(() => received.includes('of the second'));
    expect(received).not.toContain('stale');
  });

  it('stores nothing of a send with a record that is too large, and is of no use afterwards', async () => {
    for (const producer of [await opened(openProducer(settings)), await transactional('large')]) {
      const large = producer.send([record('beside a large one'), record('x'.repeat(2_000_000))]);
      await expect(large).rejects.toMatchObject({ name: 'RecordTooLarge', printable: true });
      await expect(producer.send([record('after a failure')])).rejects.toMatchObject({ name: 'RecordTooLarge' });
    }
    const next = await opened(openProducer(settings));
    await next.send([record('next')]);
    await until(() => received.includes('next'));
    expect(received.filter((value) => /beside|after/.test(value))).toEqual([]);
  });

  it('F-12 sends nothing into a topic that has more partitions than it is declared with', async () => {
    const grown = { ...TOPIC, name: 'grown' };
    await ensureTopics(settings, [{ ...grown, partitions: 3 }]);
    for (const producer of [await opened(openProducer(settings)), await transactional('grown')]) {
      const sent = producer.send([{ ...record('misplaced'), topic: grown }]);
      await expect(sent).rejects.toMatchObject({
        name: 'TopicMismatch',
        faults: [expect.stringContaining('grown has 3')],
      });
    }
    const kafka = new kafkajs.Kafka({ brokers: settings.brokers as string[], logLevel: kafkajs.logLevel.NOTHING });
    const admin = kafka.admin();
    await admin.connect();
    const offsets = await admin.fetchTopicOffsets('grown');
    await admin.disconnect();
    expect(offsets.map(({ high }) => high)).toEqual(['0', '0', '0']);
  });

  it('sends nothing after it was destroyed', async () => {
    for (const producer of [await opened(openProducer(settings)), await transactional('destroyed')]) {
      const sending = producer.send([record('while it is destroyed')]);
      producer.destroy();
      await expect(sending).rejects.toMatchObject({ dependency: 'kafka' });
      await expect(producer.send([record('destroyed')])).rejects.toMatchObject({ dependency: 'kafka' });
    }
    const next = await opened(openProducer(settings));
    await next.send([record('the last')]);
    await until(() => received.includes('the last'));
    expect(received).not.toContain('destroyed');
  });

  it('F-20 gives up on a broker that is absent at once, and on one that does not answer in time', async () => {
    const absent = { ...settings, brokers: ['127.0.0.1:1'] };
    await expect(openProducer(absent)).rejects.toMatchObject({ dependency: 'kafka' });
    await expect(openTransactionalProducer(absent, 'absent')).rejects.toMatchObject({ dependency: 'kafka' });
    const silent = await silentServer();
    const opening = openProducer({ ...settings, brokers: [silent.address] });
    const refused = expect(opening).rejects.toMatchObject({ dependency: 'kafka' });
    expect(await settlesWithin(SEND_TIMEOUT_MS + 1_000, refused)).toBe(true);
    await refused;
    await until(() => silent.connections() === 0);
    await silent.close();
  });
});

/** Accepts connections and never answers. */
const silentServer = async () => {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => {
    sockets.add(socket);
    socket
      .on('error', () => undefined)
      .on('close', () => sockets.delete(socket))
      .resume();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('not listening on a port');
  return {
    address: `127.0.0.1:${address.port}`,
    connections: () => sockets.size,
    close: () => new Promise((resolve) => server.close(resolve)),
  };
};
