import { describe, expect, it } from '@jest/globals';
import { batches } from './batches.js';

const numbers = async function* (count: number, onRead: (n: number) => void = () => undefined) {
  for (let n = 0; n < count; n++) {
    onRead(n);
    yield n;
  }
};

describe('batches', () => {
  it('P14 yields a single item at once, then all items that arrived meanwhile', async () => {
    const source = async function* () {
      yield 'first';
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      yield* numbers(25);
    };
    const sizes: number[] = [];
    for await (const batch of batches(source(), 10)) {
      sizes.push(batch.length);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(sizes).toEqual([1, 10, 10, 5]);
  });

  it('keeps the order and loses nothing', async () => {
    const seen: number[] = [];
    for await (const batch of batches(numbers(1_000), 7)) seen.push(...batch);
    expect(seen).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
  });

  it('reads no further than the limit while the consumer is slow', async () => {
    let lastRead = -1;
    const source = numbers(1_000, (n) => {
      lastRead = n;
    });
    for await (const batch of batches(source, 10)) {
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(batch).toHaveLength(10);
      expect(lastRead).toBe(19);
      break;
    }
  });

  it('yields one empty batch when no item has come for a while after a batch', async () => {
    let more: (() => void) | undefined;
    const source = async function* () {
      yield 1;
      await new Promise<void>((resolve) => {
        more = resolve;
      });
      yield 2;
    };
    const seen: number[][] = [];
    for await (const batch of batches(source(), 10, { quietMs: 1 })) {
      seen.push(batch);
      // Several quiet times pass, but there is one empty batch.
      if (batch.length === 0) setTimeout(() => more?.(), 20);
    }
    expect(seen).toEqual([[1], [], [2]]);
  });

  it('yields the items before a failure, then throws it', async () => {
    const failing = async function* () {
      yield 1;
      throw new Error('the source failed');
    };
    const seen: number[] = [];
    const reading = (async () => {
      for await (const batch of batches(failing(), 10)) seen.push(...batch);
    })();
    await expect(reading).rejects.toThrow('the source failed');
    expect(seen).toEqual([1]);
  });
});
