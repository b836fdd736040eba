import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

const require = createRequire(import.meta.url);

interface Encoder {
  buffer: Buffer;
  writeVarInt(value: number): Encoder;
  writeVarLong(value: number): Encoder;
}

interface KafkaRecord {
  offsetDelta: number;
  timestampDelta: number;
  key: string | null;
  value: string | null;
  headers: Record<string, string | string[]>;
}

interface Internals {
  NewEncoder: new (size?: number) => Encoder;
  encodeRecord: (record: KafkaRecord) => Encoder;
}

const published: Internals = {
  NewEncoder: require('kafkajs-unpatched/src/protocol/encoder'),
  encodeRecord: require('kafkajs-unpatched/src/protocol/recordBatch/record/v0'),
};

const patched: Internals = {
  NewEncoder: require('kafkajs/src/protocol/encoder'),
  encodeRecord: require('kafkajs/src/protocol/recordBatch/record/v0'),
};

const text = fc.string({ unit: 'binary', maxLength: 700 });
const header = fc.oneof(text, fc.array(text, { maxLength: 3 }));
const records = fc.record<KafkaRecord>({
  offsetDelta: fc.nat(100_000),
  timestampDelta: fc.oneof(fc.constant(0), fc.integer({ min: -(2 ** 40), max: 2 ** 40 })),
  key: fc.option(text),
  value: fc.option(text),
  headers: fc.dictionary(text, header, { maxKeys: 12 }),
});
/** Around the sizes at which another byte is needed, and where a varint of 32 bits ends. */
const EDGES = [0, 63, 64, 8_191, 8_192, 2 ** 30 - 1, 2 ** 30, 2 ** 31 - 1].flatMap((edge) => [edge, -edge - 1]);

describe('the patched encoder of kafkajs', () => {
  it('is patched', () => expect(patched.encodeRecord.toString()).not.toBe(published.encodeRecord.toString()));

  it('F-11 writes the same bytes of every record', () => {
    const sameBytes = (record: KafkaRecord) =>
      expect(patched.encodeRecord(record).buffer.equals(published.encodeRecord(record).buffer)).toBe(true);
    fc.assert(fc.property(records, sameBytes), { numRuns: 500 });
  });

  it.each(EDGES)('writes the same bytes of the number %d, into a buffer that is full', (value) => {
    const written = ({ NewEncoder }: Internals) =>
      new NewEncoder(0).writeVarInt(value).writeVarLong(value).writeVarInt(value).buffer.toString('hex');
    expect(written(patched)).toBe(written(published));
  });
});
