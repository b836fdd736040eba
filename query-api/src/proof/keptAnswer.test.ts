import { describe, expect, it } from '@jest/globals';
import { keptAnswer } from './keptAnswer.js';

describe('keptAnswer', () => {
  it('reads once for callers at the same time and after, until the time has passed', async () => {
    let reads = 0;
    const read = async () => ++reads;
    const kept = keptAnswer(read, 60_000);
    expect(await Promise.all([kept(), kept()])).toEqual([1, 1]);
    expect(await kept()).toBe(1);
    const passing = keptAnswer(read, 0);
    expect([await passing(), await passing()]).toEqual([2, 3]);
  });

  it('reads again after a read that failed', async () => {
    let reads = 0;
    const kept = keptAnswer(async () => {
      reads += 1;
      if (reads === 1) throw new Error('down');
      return reads;
    }, 180_000);
    await expect(kept()).rejects.toThrow('down');
    expect(await kept()).toBe(2);
  });
});
