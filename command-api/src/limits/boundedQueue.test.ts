import { describe, expect, it } from '@jest/globals';
import { boundedQueue } from './boundedQueue.js';

const deferred = () => {
  let fail: (reason: unknown) => void = () => undefined;
  let come: () => void = () => undefined;
  const done = new Promise<void>((resolve, reject) => {
    come = resolve;
    fail = reject;
  });
  return { done, come, fail };
};

describe('boundedQueue', () => {
  it('R-05 runs no more than it may, the first come first, and refuses whom it has no place for', async () => {
    const queue = boundedQueue({ running: 1, waiting: 1 });
    const [first, second] = [deferred(), deferred()];
    const order: number[] = [];
    const running = queue(() => first.done.then(() => void order.push(1)));
    const waiting = queue(() => second.done.then(() => void order.push(2)));
    second.come();
    await expect(queue(async () => undefined)).rejects.toMatchObject({ slug: 'busy' });
    first.come();
    await Promise.all([running, waiting]);
    expect(order).toEqual([1, 2]);
  });

  it('F-03 lets nobody wait behind what is hopeless, and runs whoever comes after', async () => {
    const down = new Error('down');
    const queue = boundedQueue({ running: 1, waiting: 500, hopeless: (error) => error === down });
    const first = deferred();
    const asked: number[] = [];
    const outcomes = [queue(() => first.done), ...[1, 2, 3].map((n) => queue(async () => void asked.push(n)))];
    first.fail(down);
    const settled = await Promise.allSettled(outcomes);
    expect(settled.map((outcome) => outcome.status === 'rejected' && outcome.reason)).toEqual([down, down, down, down]);
    expect(asked).toEqual([]);
    await expect(queue(async () => 'answered')).resolves.toBe('answered');
  });

  it('goes on with the next after a failure of one alone', async () => {
    const queue = boundedQueue({ running: 1, waiting: 1, hopeless: () => false });
    const first = deferred();
    const failing = queue(() => first.done);
    const next = queue(async () => 'answered');
    first.fail(new Error('his own'));
    await expect(failing).rejects.toThrow('his own');
    await expect(next).resolves.toBe('answered');
  });
});
