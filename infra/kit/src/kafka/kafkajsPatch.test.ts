import { createRequire } from 'node:module';
import { describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';

const require = createRequire(import.meta.url);

interface Encoder {
  buffer: Buffer;
  writeVarInt(value: number): Encoder;
  writeVarLong(value: number): Encoder;
}

type Bytes = string | Buffer;

interface KafkaRecord {
  offsetDelta?: number;
  timestampDelta?: number;
  key?: Bytes | null;
  value?: Bytes | null;
  headers?: Record<string, Bytes | Bytes[]>;
}

interface Internals {
  NewEncoder: new (size?: number) => Encoder;
  encodeRecord: (record: KafkaRecord) => Encoder;
  RequestQueue: new (
    options: object,
  ) => { scheduleCheckPendingRequests(): void; throttleCheckTimeoutId?: NodeJS.Timeout };
}

const published: Internals = {
  NewEncoder: require('kafkajs-unpatched/src/protocol/encoder'),
  encodeRecord: require('kafkajs-unpatched/src/protocol/recordBatch/record/v0'),
  RequestQueue: require('kafkajs-unpatched/src/network/requestQueue'),
};

const patched: Internals = {
  NewEncoder: require('kafkajs/src/protocol/encoder'),
  encodeRecord: require('kafkajs/src/protocol/recordBatch/record/v0'),
  RequestQueue: require('kafkajs/src/network/requestQueue'),
};

const text = fc.string({ unit: 'binary', maxLength: 700 });
const bytes = fc.oneof(
  text,
  fc.uint8Array({ maxLength: 700 }).map((octets) => Buffer.from(octets)),
);
const records = fc.record<KafkaRecord, never>(
  {
    offsetDelta: fc.nat(100_000),
    timestampDelta: fc.oneof(fc.constant(0), fc.integer({ min: -(2 ** 40), max: 2 ** 40 })),
    key: fc.option(bytes),
    value: fc.option(bytes),
    headers: fc.dictionary(text, fc.oneof(bytes, fc.array(bytes, { maxLength: 3 })), { maxKeys: 12 }),
  },
  { requiredKeys: [] },
);
/** Around the sizes at which another byte is needed, at the cut-off of `fitsVarInt`, and at the end of 32 bits. */
const EDGES = [0, 63, 64, 8_191, 8_192, 2 ** 30 - 1, 2 ** 30, 2 ** 31 - 1].flatMap((edge) => [edge, -edge - 1]);

describe('the patched encoder of kafkajs', () => {
  it('is patched', () => {
    expect(patched.NewEncoder.toString()).not.toBe(published.NewEncoder.toString());
    expect(patched.encodeRecord.toString()).not.toBe(published.encodeRecord.toString());
  });

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

const logger = { debug: () => undefined };
const QUEUE_OPTIONS = {
  ...{ maxInFlightRequests: null, requestTimeout: 1_000, enforceRequestTimeout: false },
  ...{ clientId: 'test', broker: 'test:9092', logger: { namespace: () => logger }, isConnected: () => true },
};

describe('the patched queue of requests of kafkajs', () => {
  const timersOf = (queueClass: Internals['RequestQueue']): number => {
    const setTimer = jest.spyOn(globalThis, 'setTimeout');
    const queue = new queueClass(QUEUE_OPTIONS);
    try {
      queue.scheduleCheckPendingRequests();
      return setTimer.mock.calls.length;
    } finally {
      clearTimeout(queue.throttleCheckTimeoutId);
      setTimer.mockRestore();
    }
  };

  it('sets no timer while nothing waits', () => {
    expect(timersOf(published.RequestQueue)).toBe(1);
    expect(timersOf(patched.RequestQueue)).toBe(0);
  });
});
