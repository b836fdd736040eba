import { describe, expect, it } from '@jest/globals';
import { settlesWithin } from './settlesWithin.js';

const after = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const block = (ms: number): void => {
  for (const end = performance.now() + ms; performance.now() < end; );
};

describe('settlesWithin', () => {
  it('is true for work that resolves or rejects in time, and false for work that does not settle', async () => {
    expect(await settlesWithin(1_000, Promise.resolve())).toBe(true);
    expect(await settlesWithin(1_000, Promise.reject(new Error('refused')))).toBe(true);
    expect(await settlesWithin(50, new Promise(() => undefined))).toBe(false);
  });

  it('does not count a pause of the process', async () => {
    setTimeout(block, 20, 500);
    expect(
      await settlesWithin(
        400,
        after(100).then(() => after(100)),
      ),
    ).toBe(true);
  });
});
