import { describe, expect, it } from '@jest/globals';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import { checkpointWatch } from './checkpointWatch.js';

describe('checkpointWatch', () => {
  const watching = (positions: (number | Error)[]) => {
    let asked = 0;
    const query = (async () => {
      const next = positions[Math.min(asked++, positions.length - 1)];
      if (next instanceof Error) throw next;
      return [{ position: String(next) }];
    }) as unknown as Query;
    return { watch: checkpointWatch(query, 'user_profile_v1'), asked: () => asked };
  };

  it('F-31 asks once for everybody who waits, and not at all when nobody does', async () => {
    const { watch, asked } = watching([1, 2, 3]);
    const waiting = [1n, 2n, 3n, 3n, 3n].map((position) => watch.reached(position, 10_000));
    expect(await Promise.all(waiting)).toEqual([true, true, true, true, true]);
    expect(asked()).toBe(3);
    expect(await watch.reached(3n, 10_000)).toBe(true);
    expect(asked()).toBe(4);
  });

  it('F-31 says when the time is over', async () => {
    const { watch } = watching([1]);
    expect(await Promise.all([watch.reached(2n, 10), watch.reached(1n, 10)])).toEqual([false, true]);
  });

  it('fails for everybody who waits when the read model does not answer, and asks again for the next', async () => {
    const { watch } = watching([new Error('down'), 5]);
    const waiting = [watch.reached(2n, 10_000), watch.reached(3n, 10_000)];
    expect(await Promise.allSettled(waiting)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    expect(await watch.reached(5n, 10_000)).toBe(true);
  });
});
