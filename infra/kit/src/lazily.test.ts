import { describe, expect, it } from '@jest/globals';
import { lazily } from './lazily.js';

describe('lazily', () => {
  it('loads with the first use, once', async () => {
    let loads = 0;
    const lazy = lazily(async () => ++loads);
    expect(lazy.current()).toBeUndefined();
    expect(await Promise.all([lazy.get(), lazy.get()])).toEqual([1, 1]);
    expect(await lazy.get()).toBe(1);
    expect(await lazy.current()).toBe(1);
  });

  it('loads again after a failure', async () => {
    let loads = 0;
    const lazy = lazily(async () => {
      loads += 1;
      if (loads === 1) throw new Error('no memory');
      return loads;
    });
    const [first, second] = await Promise.allSettled([lazy.get(), lazy.get()]);
    expect([first?.status, second?.status]).toEqual(['rejected', 'rejected']);
    expect(lazy.current()).toBeUndefined();
    expect(await lazy.get()).toBe(2);
  });
});
