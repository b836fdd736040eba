import { describe, expect, it } from '@jest/globals';
import { settlingLeft } from './settlingLeft.js';

const NOW = new Date('2026-01-01T12:00:00.000Z');
const event = (stream: string, at: unknown) => ({
  ...{ id: '', stream, revision: 0n, position: 0n, type: 'UserRenamed', data: {} },
  metadata: at === undefined ? null : { at },
});
const old = event('user-1', '2026-01-01T11:59:00.000Z');
const young = event('user-2', '2026-01-01T11:59:59.600Z');

describe('settlingLeft', () => {
  it('is the time until the youngest event about a user has the age', () => {
    expect(settlingLeft([old, young], 1_000, NOW)).toBe(600);
    expect(settlingLeft([old], 1_000, NOW)).toBe(0);
  });

  it('is at most the age, even for an event from the future', () => {
    expect(settlingLeft([event('user-1', '2026-01-01T13:00:00.000Z')], 1_000, NOW)).toBe(1_000);
  });

  it('is 0 without an event about a user, and for one without a time', () => {
    const others = [event('signin-1', NOW.toISOString()), event('user-1', undefined), event('user-1', 'no time')];
    for (const other of others) expect(settlingLeft([other], 1_000, NOW)).toBe(0);
    expect(settlingLeft([], 1_000, NOW)).toBe(0);
  });
});
