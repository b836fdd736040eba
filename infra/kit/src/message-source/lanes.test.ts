import { describe, expect, it } from '@jest/globals';
import { lanes } from './lanes.js';

const backoff = { firstMs: 2, maxMs: 4 };
const { signal: never } = new AbortController();

/** Work that the test finishes by hand. */
const manualWork = () => {
  const resolvers = new Map<string, (isFinished: boolean) => void>();
  const started: string[] = [];
  return {
    started,
    work: (item: string) => {
      started.push(item);
      return new Promise<boolean>((resolve) => resolvers.set(item, resolve));
    },
    finish: async (item: string, isFinished = true) => {
      resolvers.get(item)?.(isFinished);
      for (let turn = 0; turn < 10; turn++) await Promise.resolve();
    },
  };
};

describe('lanes', () => {
  it('F-24 runs the work of one key in order and that of other keys in parallel', async () => {
    const { started, work, finish } = manualWork();
    const { add } = lanes(work, { concurrency: 4, backoff, signal: never });
    for (const item of ['a1', 'a2', 'b1']) add(item.slice(0, 1), item);
    await finish('');
    expect(started).toEqual(['a1', 'b1']);

    await finish('a1');

    expect(started).toEqual(['a1', 'b1', 'a2']);
  });

  it('F-24 runs no more items at once than the limit', async () => {
    const { started, work, finish } = manualWork();
    const { add } = lanes(work, { concurrency: 2, backoff, signal: never });
    for (const key of ['a', 'b', 'c']) add(key, key);
    await finish('');
    expect(started).toEqual(['a', 'b']);

    await finish('b');

    expect(started).toEqual(['a', 'b', 'c']);
  });

  it('F-24 does not count a waiting lane against the limit', async () => {
    const done: string[] = [];
    let attempts = 0;
    const work = async (item: string) => {
      if (item === 'stuck' && ++attempts < 4) return false;
      done.push(item);
      return true;
    };
    const { add, settled } = lanes(work, { concurrency: 1, backoff, signal: never });
    add('a', 'stuck');
    add('a', 'next');
    add('b', 'b1');
    add('b', 'b2');

    await settled();

    expect(done).toEqual(['b1', 'b2', 'stuck', 'next']);
    expect(attempts).toBe(4);
  });

  it('F-32 finishes running work and starts no more after its signal aborts', async () => {
    const stop = new AbortController();
    const { started, work, finish } = manualWork();
    const { add, settled } = lanes(work, { concurrency: 1, backoff, signal: stop.signal });
    for (const item of ['a1', 'a2', 'b1']) add(item.slice(0, 1), item);
    await finish('');

    stop.abort();
    await finish('a1');
    await settled();

    expect(started).toEqual(['a1']);
  });

  it('F-32 stops waiting between attempts when its signal aborts', async () => {
    const stop = new AbortController();
    const { started, work, finish } = manualWork();
    const { add, settled } = lanes(work, {
      concurrency: 1,
      backoff: { firstMs: 3_600_000, maxMs: 3_600_000 },
      signal: stop.signal,
    });
    add('a', 'a1');
    await finish('');
    await finish('a1', false);

    stop.abort();
    await settled();

    expect(started).toEqual(['a1']);
  });
});
