import { describe, expect, it, jest } from '@jest/globals';
import { ERASED } from '@ums/contracts/personal';
import type { DataKeys } from './dataKeys.js';
import { guardedDataKeys } from './guardedDataKeys.js';
import { SealBroken } from './sealBroken.js';

const keysOf = (read: DataKeys['fetch']): DataKeys => ({ fetch: read, fresh: read, evict: () => undefined });

describe('guardedDataKeys', () => {
  it('passes on keys and evictions', async () => {
    const evicted: string[] = [];
    const inner = keysOf(async (subjects) => new Map([...subjects].map((subject) => [subject, ERASED])));
    const keys = guardedDataKeys({ ...inner, evict: (subject) => void evicted.push(subject) });
    for (const read of [keys.fetch, keys.fresh])
      expect(await read(['a', 'b'])).toEqual(
        new Map([
          ['a', ERASED],
          ['b', ERASED],
        ]),
      );
    keys.evict('a');
    expect(evicted).toEqual(['a']);
  });

  it('F-03 gives up a vault that hangs', async () => {
    jest.useFakeTimers();
    try {
      const { fresh } = guardedDataKeys(keysOf(() => new Promise(() => undefined)));
      const refused = expect(fresh(['a'])).rejects.toMatchObject({
        name: 'DependencyUnavailable',
        dependency: 'vault',
      });
      await jest.advanceTimersByTimeAsync(2_499);
      await refused;
    } finally {
      jest.useRealTimers();
    }
  });

  it('F-04 stays closed through a flood of damaged keys', async () => {
    const { fetch } = guardedDataKeys(keysOf(() => Promise.reject(new SealBroken('data key'))));
    for (let attempt = 0; attempt < 100; attempt += 1) await expect(fetch(['a'])).rejects.toBeInstanceOf(SealBroken);
  });
});
