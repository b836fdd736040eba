import { describe, expect, it } from '@jest/globals';
import { fairSlots } from './fairSlots.js';

/** Slots whose work ends, and whose clock moves, when a test says so. */
const testbed = (most: number) => {
  let time = 0;
  const slots = fairSlots({ most, now: () => time });
  const begun: string[] = [];
  const ends = new Map<string, (spentMs: number, error?: Error) => void>();
  return {
    begun,
    run: (holder: string, name: string, signal?: AbortSignal) =>
      slots.run(
        holder,
        (spend) => {
          begun.push(name);
          return new Promise<string>((resolve, reject) =>
            ends.set(name, (spentMs, error) => {
              spend(spentMs);
              return error === undefined ? resolve(name) : reject(error);
            }),
          );
        },
        signal,
      ),
    /** Ends work that has spent some time. */
    end: async (name: string, spentMs: number, error?: Error) => {
      time += spentMs;
      ends.get(name)?.(spentMs, error);
      await new Promise(setImmediate);
    },
    pass: (ms: number) => {
      time += ms;
    },
  };
};

describe('fair slots', () => {
  it('pass to who has spent the least, and among equals to who came first', async () => {
    const { begun, run, end } = testbed(1);
    for (const name of ['a1', 'a2', 'a3']) void run('a', name);
    for (const holder of ['b', 'c']) void run(holder, `${holder}1`);
    expect(begun).toEqual(['a1']);
    await end('a1', 1_000);
    void run('c', 'c2');
    await end('b1', 10);
    await end('c1', 20);
    await end('c2', 20);
    await end('a2', 1_000);
    expect(begun).toEqual(['a1', 'b1', 'c1', 'c2', 'a2', 'a3']);
  });

  it('are as many as may run at once', async () => {
    const { begun, run, end } = testbed(2);
    for (const name of ['a1', 'a2', 'a3', 'a4']) void run('a', name);
    void run('b', 'b1');
    expect(begun).toEqual(['a1', 'a2']);
    await end('a2', 500);
    expect(begun).toEqual(['a1', 'a2', 'b1']);
    await end('b1', 400);
    expect(begun).toEqual(['a1', 'a2', 'b1', 'a3']);
  });

  it('do not count the time in which work waits for that of others', async () => {
    const { begun, run, end, pass } = testbed(2);
    void run('many', 'm1');
    void run('costly', 'c1');
    for (const name of ['m2', 'm3']) void run('many', name);
    void run('costly', 'c2');
    pass(5_000);
    await end('c1', 5_000);
    await end('m1', 100);
    await end('m2', 100);
    expect(begun).toEqual(['m1', 'c1', 'm2', 'm3', 'c2']);
  });

  it('forget what was spent more than ten minutes ago', async () => {
    const { begun, run, end, pass } = testbed(1);
    void run('a', 'a1');
    await end('a1', 5_000);
    pass(600_000);
    void run('b', 'b1');
    void run('a', 'a2');
    void run('b', 'b2');
    await end('b1', 1_000);
    await end('a2', 500);
    expect(begun).toEqual(['a1', 'b1', 'a2', 'b2']);
  });

  it('give the result and the error of the work, and pass on after both', async () => {
    const { run, end } = testbed(1);
    const [first, second] = [run('a', 'a1'), run('a', 'a2')];
    first.catch(() => undefined);
    await end('a1', 1, new Error('a defect'));
    await end('a2', 1);
    await expect(first).rejects.toThrow('a defect');
    expect(await second).toBe('a2');
  });

  it('are not taken by what gave up its wait', async () => {
    const { begun, run, end } = testbed(1);
    const stop = new AbortController();
    void run('a', 'a1');
    const second = run('b', 'b1', stop.signal);
    stop.abort();
    expect(await second).toBeUndefined();
    expect(await run('b', 'b2', stop.signal)).toBeUndefined();
    await end('a1', 1);
    void run('c', 'c1');
    expect(begun).toEqual(['a1', 'c1']);
  });
});
