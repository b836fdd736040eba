import { beforeAll, expect, it } from '@jest/globals';
import type { Topic } from '@ums/contracts/kafka/topics';
import { describeOn } from '../../../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, kafkaForTests } from '../../../engines/test/engineForTests.js';
import { silentLog } from '../log.js';
import { ensureTopics } from './ensureTopics.js';
import type { KafkaSettings } from './kafkaClient.js';

describeOn(['Kafka'], 'ensureTopics', () => {
  let settings: KafkaSettings;
  beforeAll(async () => {
    const { brokers } = await kafkaForTests();
    settings = { brokers: [brokers], clientId: 'test', log: silentLog };
  }, ENGINE_START_TIMEOUT_MS);

  const topic = (name: string, change: Partial<Topic> = {}): Topic => ({
    ...{ name, partitions: 3, config: { 'cleanup.policy': 'delete', 'retention.ms': '86400000' } },
    ...change,
  });

  it('creates missing topics with their settings, and accepts them afterwards', async () => {
    const topics = [topic('first'), topic('second', { config: { 'cleanup.policy': 'compact' } })];
    await ensureTopics(settings, topics.slice(0, 1));
    await ensureTopics(settings, topics);
    await ensureTopics(settings, topics);
  });

  it('lets several instances create the same topics at once', async () => {
    const topics = [topic('shared-1'), topic('shared-2')];
    await Promise.all(Array.from({ length: 4 }, () => ensureTopics(settings, topics)));
  });

  it('refuses another number of partitions, cleanup policy or retention, and says what to do', async () => {
    await ensureTopics(settings, [topic('existing')]);
    const refusal = ensureTopics(settings, [
      topic('existing', { partitions: 12, config: { 'cleanup.policy': 'compact', 'retention.ms': '1000' } }),
    ]);
    await expect(refusal).rejects.toMatchObject({ printable: true, name: 'TopicMismatch' });
    await expect(refusal).rejects.toThrow(/existing has 3 partitions, expected 12\..*delete the topic/);
    await expect(refusal).rejects.toThrow(/cleanup\.policy=delete, expected compact\..*kafka-configs\.sh/);
    await expect(refusal).rejects.toThrow(/retention\.ms=86400000, expected 1000\./);
  });

  it('fails when the broker refuses the settings of a new topic, or does not answer', async () => {
    const invalid = topic('invalid', { config: { 'cleanup.policy': 'burn' } });
    await expect(ensureTopics(settings, [invalid])).rejects.toMatchObject({ dependency: 'kafka' });
    const absent = { ...settings, brokers: ['127.0.0.1:1'] };
    await expect(ensureTopics(absent, [topic('first')])).rejects.toMatchObject({ dependency: 'kafka' });
  });
});
