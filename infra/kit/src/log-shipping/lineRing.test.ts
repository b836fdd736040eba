import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TYPESCRIPT_LOADER } from '../../../embedded/test/typescriptLoader.js';
import { ringMemory, ringReader, ringWriter } from './lineRing.js';

const BYTES = 4_096;

const openRing = (bytes = BYTES) => {
  const memory = ringMemory(bytes);
  return { memory, writer: ringWriter(memory), reader: ringReader(memory) };
};

describe('lineRing', () => {
  it('returns lines in order, with their numbers, each once', () => {
    const { writer, reader } = openRing();
    for (const line of ['a', 'größer\n', '', '😀 𝄞']) writer.write(line);
    expect(reader.take(2, BYTES)).toEqual([
      { number: 0, text: 'a' },
      { number: 1, text: 'größer\n' },
    ]);
    expect(reader.take(9, BYTES)).toEqual([
      { number: 2, text: '' },
      { number: 3, text: '😀 𝄞' },
    ]);
    expect(reader.take(9, BYTES)).toEqual([]);
  });

  it('takes at most so many bytes, but at least one line', () => {
    const { writer, reader } = openRing();
    for (const line of ['12345', '12345', '12345']) writer.write(line);
    expect(reader.take(9, 10)).toHaveLength(2);
    expect(reader.take(9, 1)).toHaveLength(1);
  });

  it('F-30 drops the oldest lines when it is full and counts each', () => {
    const { writer, reader } = openRing();
    for (let index = 0; index < 1_000; index += 1) writer.write(`line ${index}`);
    const lines = reader.take(10_000, 1_000_000);
    expect(lines.length).toBeGreaterThan(100);
    expect(lines.map(({ number }) => number)).toEqual(lines.map((_, index) => 1_000 - lines.length + index));
    expect(writer.dropped()).toBe(1_000 - lines.length);
    expect(writer.written()).toBe(1_000);
  });

  it('F-30 drops and counts a line that takes more than a quarter of it', () => {
    const { writer, reader } = openRing();
    writer.write('x'.repeat(BYTES));
    writer.write('next');
    expect(writer.dropped()).toBe(1);
    expect(reader.take(9, BYTES)).toEqual([{ number: 1, text: 'next' }]);
  });

  it('F-30 loses no line uncounted, whatever is written and taken', () => {
    const step = fc.oneof(
      fc.record({ write: fc.string({ unit: 'grapheme', maxLength: 300 }) }),
      fc.record({ take: fc.integer({ min: 1, max: 50 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
        const { writer, reader } = openRing(2_048);
        const written: string[] = [];
        const taken: { number: number; text: string }[] = [];
        for (const each of steps) {
          if ('take' in each) taken.push(...reader.take(each.take, 500));
          else {
            // UTF-8 has no unpaired surrogates.
            written.push(Buffer.from(each.write).toString());
            writer.write(each.write);
          }
        }
        for (let rest = reader.take(50, 500); rest.length > 0; rest = reader.take(50, 500)) taken.push(...rest);
        expect(taken.map(({ number }) => written[number])).toEqual(taken.map(({ text }) => text));
        const numbers = taken.map(({ number }) => number);
        expect([...new Set(numbers)].sort((a, b) => a - b)).toEqual(numbers);
        expect(taken.length + writer.dropped()).toBe(written.length);
      }),
    );
  });

  it('F-30 loses, repeats and damages no line while two threads use it and it overflows', async () => {
    const { memory, reader } = openRing(16_384);
    const worker = new Worker(WRITER, { eval: true, workerData: memory });
    let ended: { written: number; dropped: number } | undefined;
    worker.once('message', (message) => (ended = message));
    const failed = once(worker, 'error').then(([error]) => Promise.reject(error));
    const exited = once(worker, 'exit');
    let count = 0;
    let last = -1;
    const drain = () => {
      for (let lines = reader.take(50, 5_000); lines.length > 0; lines = reader.take(50, 5_000)) {
        for (const { number, text } of lines) {
          if (number <= last || !text.startsWith(`${number} `) || !text.endsWith(` ${number}`))
            throw new Error(`line ${number} after ${last} is repeated or damaged: ${text}`);
          last = number;
          count += 1;
        }
      }
    };
    while (ended === undefined) {
      drain();
      await Promise.race([new Promise(setImmediate), failed]);
    }
    drain();
    await exited;
    expect(ended.written).toBe(300_000);
    expect(ended.dropped).toBeGreaterThan(0);
    expect(count).toBeGreaterThan(0);
    expect(count + ended.dropped).toBe(ended.written);
  });
});

const WRITER = `
  const { workerData, parentPort } = require('node:worker_threads');
  import(${JSON.stringify(TYPESCRIPT_LOADER)}).then(() => import(${JSON.stringify(new URL('./lineRing.ts', import.meta.url).href)})).then(({ ringWriter }) => {
    const writer = ringWriter(workerData);
    for (let index = 0; index < 300_000; index += 1) {
      writer.write(index + ' ' + 'x'.repeat((index * 7919) % 400) + ' ' + index);
    }
    parentPort.postMessage({ written: writer.written(), dropped: writer.dropped() });
  });
`;
