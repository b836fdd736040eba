import { describe, expect, it } from '@jest/globals';
import { lanes } from './lanes.js';

const backOff = { firstMs: 2, maxMs: 4 };
const { signal: never } = new AbortController();

/** Work that ends when it is told to. */
const held = () => {
  const ends = new Map<string, (finished: boolean) => void>();
  const begun: string[] = [];
  return {
    begun,
    work: (item: string) => {
      begun.push(item);
      return new Promise<boolean>((resolve) => ends.set(item, resolve));
    },
    end: async (item: string, finished = true) => {
      ends.get(item)?.(finished);
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    },
  };
};

describe('lanes', () => {
  it('F-24 runs the work of one key in order and that of others beside it', async () => {
    const { begun, work, end } = held();
    const { add } = lanes(work, { atOnce: 4, backOff, signal: never });
    for (const item of ['a1', 'a2', 'b1']) add(item.slice(0, 1), item);
    await end('');
    expect(begun).toEqual(['a1', 'b1']);

    await end('a1');

    expect(begun).toEqual(['a1', 'b1', 'a2']);
  });

  it('F-24 runs no more at once than it may', async () => {
    const { begun, work, end } = held();
    const { add } = lanes(work, { atOnce: 2, backOff, signal: never });
    for (const key of ['a', 'b', 'c']) add(key, key);
    await end('');
    expect(begun).toEqual(['a', 'b']);

    await end('b');

    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('F-24 lets a key that must wait take no place from the others', async () => {
    const done: string[] = [];
    let attempts = 0;
    const work = async (item: string) => {
      if (item === 'stuck' && ++attempts < 4) return false;
      done.push(item);
      return true;
    };
    const { add, settled } = lanes(work, { atOnce: 1, backOff, signal: never });
    add('a', 'stuck');
    add('a', 'behind it');
    add('b', 'b1');
    add('b', 'b2');

    await settled();

    expect(done).toEqual(['b1', 'b2', 'stuck', 'behind it']);
    expect(attempts).toBe(4);
  });

  it('F-32 finishes what runs and begins nothing more once it is asked to end', async () => {
    const stop = new AbortController();
    const { begun, work, end } = held();
    const { add, settled } = lanes(work, { atOnce: 1, backOff, signal: stop.signal });
    for (const item of ['a1', 'a2', 'b1']) add(item.slice(0, 1), item);
    await end('');

    stop.abort();
    await end('a1');
    await settled();

    expect(begun).toEqual(['a1']);
  });

  it('F-32 ends a wait between attempts', async () => {
    const stop = new AbortController();
    const begun = held();
    const { add, settled } = lanes(begun.work, {
      atOnce: 1,
      backOff: { firstMs: 3_600_000, maxMs: 3_600_000 },
      signal: stop.signal,
    });
    add('a', 'a1');
    await begun.end('');
    await begun.end('a1', false);

    stop.abort();
    await settled();

    expect(begun.begun).toEqual(['a1']);
  });
});
