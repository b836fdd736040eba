import { describe, expect, it } from '@jest/globals';
import { waitOf } from '../wait.js';
import { boundedQueue } from './boundedQueue.js';

const deferred = () => {
  let resolve: () => void = () => undefined;
  let reject: (reason: unknown) => void = () => undefined;
  const promise = new Promise<void>((res, rej) => {
    resolve = res;
    reject = rej;
  });
  return { promise, resolve, reject };
};

/** Lets everything run that waits for nothing else. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

let sources = 0;
/** A turn of a source of its own. */
const turn = () => ({ purpose: 'log-in', source: `192.0.2.${++sources}` });

describe('boundedQueue', () => {
  it('R-05 runs no more than its bound, in order of arrival, and refuses what does not fit', async () => {
    const queue = boundedQueue({ running: 1, waiting: 1 });
    const [first, second] = [deferred(), deferred()];
    const order: number[] = [];
    const running = queue(turn(), () => first.promise.then(() => void order.push(1)));
    const waiting = queue(turn(), () => second.promise.then(() => void order.push(2)));
    second.resolve();
    const refused = await queue(turn(), async () => undefined).catch((error: unknown) => error);
    expect(refused).toMatchObject({ slug: 'busy' });
    expect(waitOf(refused)).toEqual({ dependency: 'queue', limit: '1 running and 1 waiting', waitedMs: 0 });
    first.resolve();
    await Promise.all([running, waiting]);
    expect(order).toEqual([1, 2]);
  });

  it('R-05 refuses one source what it would wait beyond half of the places, and serves another source in between', async () => {
    const queue = boundedQueue({ running: 1, waiting: 20 });
    const first = deferred();
    const served: string[] = [];
    const work = (source: string) => queue({ purpose: 'log-in', source }, async () => void served.push(source));
    const running = queue({ purpose: 'log-in', source: 'flood' }, () => first.promise);
    const flood = Array.from({ length: 30 }, () => work('flood'));
    const other = work('other');
    first.resolve();
    const settled = await Promise.allSettled(flood);
    await Promise.all([running, other]);
    expect(settled.filter(({ status }) => status === 'rejected')).toHaveLength(20);
    expect(served.indexOf('other')).toBeLessThan(2);
  });

  it('R-12 keeps half of the slots from one source, so that the work of another starts at once', async () => {
    const queue = boundedQueue({ running: 4, waiting: 20 });
    const started: string[] = [];
    const finish: (() => void)[] = [];
    const work = (source: string, at: number) =>
      queue({ purpose: 'log-in', source }, () => {
        started.push(`${source}${at}`);
        return new Promise<void>((resolve) => finish.push(resolve));
      });
    const flood = [0, 1, 2, 3].map((at) => work('flood', at));
    const other = work('other', 0);
    await settled();
    expect(started).toEqual(['flood0', 'flood1', 'other0']);
    finish.splice(2, 1)[0]?.();
    await other;
    await settled();
    expect(started).toHaveLength(3);
    finish.shift()?.();
    await settled();
    expect(started).toEqual(['flood0', 'flood1', 'other0', 'flood2']);
    for (; finish.length > 0; await settled()) finish.shift()?.();
    await Promise.all(flood);
  });

  it('R-05 refuses what waited when it has to give way to a source that waits less', async () => {
    const queue = boundedQueue({ running: 1, waiting: 4 });
    const first = deferred();
    const running = queue(turn(), () => first.promise);
    const flood = ['a', 'a', 'b', 'b'].map((source) => queue({ purpose: 'log-in', source }, async () => source));
    const other = queue(turn(), async () => 'other');
    await expect(flood[1]).rejects.toMatchObject({ slug: 'busy' });
    first.resolve();
    expect(await Promise.all([other, flood[0], flood[2], flood[3]])).toEqual(['other', 'a', 'b', 'b']);
    await running;
  });

  it('F-03 fails all waiting work with an error that concerns all of it, and runs later work', async () => {
    const down = new Error('down');
    const queue = boundedQueue({ running: 1, waiting: 500, failsAll: (error) => error === down });
    const first = deferred();
    const ran: number[] = [];
    const outcomes = [
      queue(turn(), () => first.promise),
      ...[1, 2, 3].map((n) => queue(turn(), async () => void ran.push(n))),
    ];
    first.reject(down);
    const settled = await Promise.allSettled(outcomes);
    expect(settled.map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual([down, down, down, down]);
    expect(ran).toEqual([]);
    await expect(queue(turn(), async () => 'answered')).resolves.toBe('answered');
  });

  it('runs the next work after an error that concerns only one', async () => {
    const queue = boundedQueue({ running: 1, waiting: 1, failsAll: () => false });
    const first = deferred();
    const failing = queue(turn(), () => first.promise);
    const next = queue(turn(), async () => 'answered');
    first.reject(new Error('only mine'));
    await expect(failing).rejects.toThrow('only mine');
    await expect(next).resolves.toBe('answered');
  });
});
