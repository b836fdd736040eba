import { describe, expect, it } from '@jest/globals';
import { brokers } from './brokers.js';

const read = (KAFKA_BROKERS: string) => brokers().read('KAFKA_BROKERS', { KAFKA_BROKERS });

describe('brokers', () => {
  it('reads a list of hosts and ports', () => {
    expect(read('127.0.0.1:9092')).toEqual(['127.0.0.1:9092']);
    expect(read(' kafka-1.internal:9092, kafka_2:19092 ')).toEqual(['kafka-1.internal:9092', 'kafka_2:19092']);
  });

  it.each([
    'kafka',
    'kafka:',
    'kafka:0',
    'kafka:65536',
    'kafka:9092,',
    'PLAINTEXT://kafka:9092',
    '[::1]:9092',
    'a b:1',
  ])('refuses %j without quoting it', (value) =>
    expect(() => read(value)).toThrow(/^must be a list like broker-1:9092,broker-2:9092$/),
  );
});
