import { describe, expect, it } from '@jest/globals';
import { sharedHead } from './sharedHead.js';

describe('sharedHead', () => {
  const URL = 'esdb://shared';
  const counted = (answer: () => Promise<bigint>) => {
    const counted = { reads: 0, head: () => Promise.resolve(0n) };
    counted.head = () => {
      counted.reads++;
      return answer();
    };
    return counted;
  };

  it('reads once for callers of one log at the same time, and again later', async () => {
    const [first, second, other] = [counted(async () => 1n), counted(async () => 2n), counted(async () => 3n)];
    const heads = [sharedHead(URL, first.head), sharedHead(URL, second.head), sharedHead('esdb://other', other.head)];
    expect(await Promise.all(heads.map((head) => head()))).toEqual([1n, 1n, 3n]);
    expect(await heads[1]?.()).toBe(2n);
    expect([first.reads, second.reads, other.reads]).toEqual([1, 1, 1]);
  });

  it('reads on its own connection if the shared read fails', async () => {
    const failing = sharedHead(URL, () => Promise.reject(new Error('down')));
    const [first, second] = await Promise.allSettled([failing(), sharedHead(URL, async () => 2n)()]);
    expect(first.status).toBe('rejected');
    expect(second).toEqual({ status: 'fulfilled', value: 2n });
  });
});
