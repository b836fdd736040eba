import { describe, expect, it } from '@jest/globals';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import { checkpointWatch } from './checkpointWatch.js';

describe('checkpointWatch', () => {
  const watchOver = (positions: (number | Error)[]) => {
    let polls = 0;
    const query = (async () => {
      const next = positions[Math.min(polls++, positions.length - 1)];
      if (next instanceof Error) throw next;
      return [{ position: String(next) }];
    }) as unknown as Query;
    return { watch: checkpointWatch(query, 'any projection'), polls: () => polls };
  };

  it('F-31 polls once for all waiting requests, and not at all when none waits', async () => {
    const { watch, polls } = watchOver([1, 2, 3]);
    const waiting = [1n, 2n, 3n, 3n, 3n].map((position) => watch.reached(position, 10_000));
    expect(await Promise.all(waiting)).toEqual([true, true, true, true, true]);
    expect(polls()).toBe(3);
    expect(await watch.reached(3n, 10_000)).toBe(true);
    expect(polls()).toBe(4);
  });

  it('F-31 resolves to false when the position is not reached in time', async () => {
    const { watch } = watchOver([1]);
    expect(await Promise.all([watch.reached(2n, 10), watch.reached(1n, 10)])).toEqual([false, true]);
  });

  it('rejects all waiting requests when the read model does not answer, and polls again for the next', async () => {
    const { watch } = watchOver([new Error('down'), 5]);
    const waiting = [watch.reached(2n, 10_000), watch.reached(3n, 10_000)];
    expect(await Promise.allSettled(waiting)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    expect(await watch.reached(5n, 10_000)).toBe(true);
  });
});
