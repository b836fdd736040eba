import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { cachingPartitioner } from './cachingPartitioner.js';

const topicOf = (partitions: number) => ({
  topic: 'topic',
  partitionMetadata: Array.from({ length: partitions }, (_, partitionId) => ({
    ...{ partitionErrorCode: 0, partitionId, leader: 1, replicas: [1], isr: [1] },
  })),
});

/** No topic is declared. */
const NONE = new Map<string, number>();

describe('cachingPartitioner', () => {
  it('chooses the partitions of the default partitioner, for any number of keys and partitions', () => {
    const [cached, plain] = [cachingPartitioner(NONE)(), kafkajs.Partitioners.DefaultPartitioner()];
    const keys = Array.from({ length: 1_500 }, () => randomUUID());
    for (const key of [...keys, ...keys.slice(0, 50), 'ä', ''])
      for (const partitions of [1, 3, 12]) {
        const args = { ...topicOf(partitions), message: { key, value: '' } };
        expect(cached(args)).toBe(plain(args));
        expect(cached(args)).toBe(plain(args));
      }
  });

  // Hashes of the tests of Kafka's Java client, UtilsTest.testMurmur2.
  it.each<[string, number]>([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('places %s where the Java client of Kafka does', (key, hash) => {
    expect(cachingPartitioner(NONE)()({ ...topicOf(12), message: { key, value: '' } })).toBe((hash & 0x7fffffff) % 12);
  });

  it('places the user of the samples where the guide for consumers says', async () => {
    const guide = await readFile(join(import.meta.dirname, '../../../../contracts/public/README.md'), 'utf8');
    const [, key = '', partition] = /`([0-9a-f-]{36})` is in partition (\d+)/.exec(guide) ?? [];
    expect(cachingPartitioner(NONE)()({ ...topicOf(12), message: { key, value: '' } })).toBe(Number(partition));
  });

  it('hashes keys of bytes as they are', () => {
    const [cached, plain] = [cachingPartitioner(NONE)(), kafkajs.Partitioners.DefaultPartitioner()];
    const args = { ...topicOf(12), message: { key: Buffer.from('key'), value: '' } };
    expect(cached(args)).toBe(plain(args));
  });

  it('F-12 throws once a topic has another number of partitions, also for a key that it remembers and without one', () => {
    const partitionOf = cachingPartitioner(new Map([['topic', 12]]))();
    for (const key of [randomUUID(), null]) {
      const message = { key, value: '' };
      expect(partitionOf({ ...topicOf(12), message })).toBeLessThan(12);
      for (const partitions of [11, 17])
        expect(() => partitionOf({ ...topicOf(partitions), message })).toThrow(
          `topic has ${partitions} partitions, expected 12`,
        );
    }
  });
});
