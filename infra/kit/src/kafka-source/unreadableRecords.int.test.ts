import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { deadLetterTopic } from '@ums/contracts/kafka/topics';
import { workRecord } from '@ums/contracts/kafka/workRecord';
import type { Message } from '@ums/contracts/messages/message';
import type { Message as KafkaRecord } from 'kafkajs';
import { describeOn } from '../../../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, kafkaForTests } from '../../../engines/test/engineForTests.js';
import { consumerTestbed } from '../../test/consumerTestbed.js';
import { kafkaAdapter } from '../../test/kafkaAdapter.js';
import { until } from '../../test/until.js';
import { redrivenRecord } from '../dead-letters/deadLetterRecord.js';
import { readPartition } from '../kafka/readPartition.js';
import { silentLog } from '../log.js';
import { metricsText } from '../metrics.js';

const id = randomUUID();
const message: Message = {
  eventId: randomUUID(),
  key: id,
  correlationId: undefined,
  pointer: { stream: `user-${id}`, revision: 3n, type: 'UserErased', position: 1_000n },
  content: undefined,
};
const { key, value, headers } = workRecord(message);
const CANARY = 'ada@example.org';

describeOn(['Kafka'], 'unreadable records of the work topic', () => {
  const adapter = kafkaAdapter();
  beforeAll(async () => {
    const { brokers } = await kafkaForTests();
    await adapter.connect({ brokers: [brokers], clientId: 'test', log: silentLog });
    await adapter.acceptRecordsOf(3_000_000);
  }, ENGINE_START_TIMEOUT_MS);
  const testbed = consumerTestbed(adapter);
  afterAll(() => adapter.close());

  const records: [string, KafkaRecord, object][] = [
    ['broken JSON', { key, value: '{', headers }, { reason: 'not-json' }],
    [
      'a missing field',
      { key, value: JSON.stringify({ stream: `user-${id}`, note: CANARY }), headers },
      { reason: 'malformed-field', field: 'type' },
    ],
    ['2 MB', { key: CANARY, value: Buffer.alloc(2_000_000, CANARY), headers }, { reason: 'too-large' }],
    ['no value', { key, value: null, headers }, { reason: 'no-value' }],
    ['a wrong encoding', { key, value: Buffer.from(`\ufeff${CANARY}`, 'utf16le'), headers }, { reason: 'not-utf8' }],
    ['an unknown type', { key, value, headers: { ...headers, ce_type: `${CANARY}.v1` } }, { reason: 'unknown-type' }],
    [
      'an unknown version',
      { key, value, headers: { ...headers, ce_type: 'users.work.v9' } },
      { reason: 'unknown-version' },
    ],
    ['no headers', { key, value }, { reason: 'malformed-field', field: 'ce_specversion' }],
  ];

  it.each(records)(
    'F-21 sets aside a record with %s, without its content, and handles the next one',
    async (_, record, letter) => {
      const handled: string[] = [];
      await testbed.consume(async ({ eventId }) => {
        handled.push(eventId);
        return 'done';
      });
      const first = await testbed.append();
      await until(() => handled.length === 1);
      const offset = await adapter.send(record);
      const next = await testbed.append('UserErased', first.userId);
      await until(() => handled.length === 2);
      await testbed.reached(next.position);

      const consumer = testbed.consumerName();
      expect(await testbed.deadLetters().list()).toEqual([
        { id: `5-${offset}`, consumer, at: expect.any(Date), field: undefined, message: undefined, ...letter },
      ]);
      const [stored] = await readPartition(adapter.settings(), { topic: deadLetterTopic(consumer).name, partition: 0 });
      expect(String(stored?.value)).toBe('{}');
      const shown = Object.entries(stored?.headers ?? {}).map(([name, text]) => [name, String(text)]);
      expect(Object.fromEntries(shown)).toMatchObject({
        'dead-letter-consumer': consumer,
        'dead-letter-topic': 'users.work.v1',
        'dead-letter-partition': '5',
        'dead-letter-offset': String(offset),
      });
      const { text } = await metricsText();
      expect(text).toContain(`ums_dead_messages_total{consumer="${consumer}",reason="unreadable"} 1`);
      expect(JSON.stringify([String(stored?.key), shown, text])).not.toContain(CANARY);
    },
  );

  it('F-22 keeps the offset while the dead letter cannot be written, and handles other records meanwhile', async () => {
    const accept = await adapter.refuseDeadLetters();
    const handled: string[] = [];
    await adapter.send({ key, value: '{', headers });
    const next = await testbed.append();
    const warnings: string[] = [];
    const log = { ...silentLog, warn: (text: string) => void warnings.push(text) };
    await testbed.consume(
      async ({ eventId }) => {
        handled.push(eventId);
        return 'done';
      },
      { log },
    );
    await until(() => warnings.filter((text) => text === 'dead message could not be stored').length > 1);
    expect(handled).toEqual([next.id]);
    expect(await testbed.hasReached(next.position)).toBe(false);
    await accept();
    await testbed.reached(next.position);
    expect(await testbed.deadLetters().list()).toMatchObject([{ reason: 'not-json' }]);
    expect(handled).toEqual([next.id]);
  });

  it('F-22 keeps a letter whose record is still unreadable or gone, and redrives one that can be read now', async () => {
    await adapter.send({ key, value: '{', headers });
    await testbed.consume(async () => 'done');
    const { position } = await testbed.append();
    await testbed.reached(position);
    const letters = await testbed.deadLetters().list();
    expect(await testbed.deadLetters().redrive(letters)).toEqual({ redriven: 0, kept: 1 });
    expect(await testbed.deadLetters().list()).toEqual(letters);
    // As after an update of the service: the letter points at a record that it can read.
    const [readable] = letters.map((letter) => ({ ...letter, id: `5-${offsetAfter(letter.id)}` }));
    expect(readable && (await testbed.deadLetters().redrive([readable]))).toEqual({ redriven: 1, kept: 0 });
    const [gone] = letters.map((letter) => ({ ...letter, id: '5-0' }));
    expect(gone && (await testbed.deadLetters().redrive([gone]))).toEqual({ redriven: 0, kept: 1 });
  });

  it('F-22 handles a redriven message although the checkpoint has passed it, but not one of another consumer', async () => {
    const handled: string[] = [];
    const done = await testbed.append();
    await testbed.saveCheckpoint(done);
    await testbed.consume(async ({ eventId }) => {
      handled.push(eventId);
      return 'done';
    });
    await testbed.reached(done.position);
    const early: Message = { ...message, pointer: { ...message.pointer, position: 0n } };
    await adapter.sendRecord(redrivenRecord('another', { ...early, eventId: randomUUID() }));
    await adapter.sendRecord(redrivenRecord(testbed.consumerName(), early));
    await until(() => handled.length > 0);
    const { id: last } = await testbed.append();
    await until(() => handled.length === 2);
    expect(handled).toEqual([early.eventId, last]);
  });
});

const offsetAfter = (letterId: string): bigint => BigInt(letterId.split('-')[1] as string) + 1n;
