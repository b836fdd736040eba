import { describe, expect, it } from '@jest/globals';
import { waitOf } from '@ums/kit/wait';
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

describe('boundedQueue', () => {
  it('R-05 runs no more than its bound, in order of arrival, and refuses what does not fit', async () => {
    const queue = boundedQueue({ running: 1, waiting: 1 });
    const [first, second] = [deferred(), deferred()];
    const order: number[] = [];
    const running = queue(() => first.promise.then(() => void order.push(1)));
    const waiting = queue(() => second.promise.then(() => void order.push(2)));
    second.resolve();
    const refused = await queue(async () => undefined).catch((error: unknown) => error);
    expect(refused).toMatchObject({ slug: 'busy' });
    expect(waitOf(refused)).toEqual({ dependency: 'queue', limit: '1 running and 1 waiting', waitedMs: 0 });
    first.resolve();
    await Promise.all([running, waiting]);
    expect(order).toEqual([1, 2]);
  });

  it('F-03 fails all waiting work with an error that concerns all of it, and runs later work', async () => {
    const down = new Error('down');
    const queue = boundedQueue({ running: 1, waiting: 500, failsAll: (error) => error === down });
    const first = deferred();
    const ran: number[] = [];
    const outcomes = [queue(() => first.promise), ...[1, 2, 3].map((n) => queue(async () => void ran.push(n)))];
    first.reject(down);
    const settled = await Promise.allSettled(outcomes);
    expect(settled.map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual([down, down, down, down]);
    expect(ran).toEqual([]);
    await expect(queue(async () => 'answered')).resolves.toBe('answered');
  });

  it('runs the next work after an error that concerns only one', async () => {
    const queue = boundedQueue({ running: 1, waiting: 1, failsAll: () => false });
    const first = deferred();
    const failing = queue(() => first.promise);
    const next = queue(async () => 'answered');
    first.reject(new Error('only mine'));
    await expect(failing).rejects.toThrow('only mine');
    await expect(next).resolves.toBe('answered');
  });
});
