import { describe, expect, it } from '@jest/globals';
import { faultRounds } from './faultRounds.js';

describe('faultRounds', () => {
  it.each([
    ['', 3],
    ['full', 1_000],
    ['7', 7],
  ])('of %j', (asked, rounds) => expect(faultRounds({ usual: 3, full: 1_000 }, asked)).toBe(rounds));

  it.each(['0', '-1', '1.5', 'all', 'Infinity'])('refuses %j rather than run another count', (asked) => {
    expect(() => faultRounds({ usual: 3, full: 1_000 }, asked)).toThrow(/FAULT_ROUNDS must be/);
  });
});
