import { describe, expect, it } from '@jest/globals';
import { fairSlots } from './fairSlots.js';

/** Slots whose work ends, and whose clock moves, when a test says so. */
const testbed = (most: number) => {
  let time = 0;
  const slots = fairSlots({ most, now: () => time });
  const begun: string[] = [];
  const ends = new Map<string, (error?: Error) => void>();
  return {
    begun,
    run: (holder: string, name: string, signal?: AbortSignal) =>
      slots.run(
        holder,
        () => {
          begun.push(name);
          return new Promise<string>((resolve, reject) =>
            ends.set(name, (error) => (error === undefined ? resolve(name) : reject(error))),
          );
        },
        signal,
      ),
    /** Ends work that has run for some time. */
    end: async (name: string, ms: number, error?: Error) => {
      time += ms;
      ends.get(name)?.(error);
      await new Promise(setImmediate);
    },
    pass: (ms: number) => {
      time += ms;
    },
  };
};

describe('fair slots', () => {
  it('pass to who has used them least, and among equals to who came first', async () => {
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

  it('count work under way, and as much as there are slots', async () => {
    const { begun, run, end } = testbed(2);
    for (const name of ['a1', 'a2', 'a3', 'a4']) void run('a', name);
    void run('b', 'b1');
    expect(begun).toEqual(['a1', 'a2']);
    await end('a2', 500);
    expect(begun).toEqual(['a1', 'a2', 'b1']);
    await end('b1', 400);
    expect(begun).toEqual(['a1', 'a2', 'b1', 'a3']);
  });

  it('forget what was used more than ten minutes ago', async () => {
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
