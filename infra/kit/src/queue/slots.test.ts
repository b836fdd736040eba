import { describe, expect, it } from '@jest/globals';
import { slots } from './slots.js';

const BUSY = expect.objectContaining({ slug: 'busy', details: { retryAfterSeconds: 3 } });

describe('slots', () => {
  it('refuses more work than they allow at a time, until some is done', () => {
    const { take } = slots({ limit: 2, work: 'tests', retryAfterSeconds: 3 });
    const free = take();
    take();
    expect(() => take()).toThrow(BUSY);
    free();
    take();
    expect(() => take()).toThrow(BUSY);
  });

  it('are freed once each, also when it is said twice', () => {
    const { take } = slots({ limit: 1, work: 'tests', retryAfterSeconds: 3 });
    const free = take();
    free();
    take();
    free();
    expect(() => take()).toThrow(BUSY);
  });
});
