import { describe, expect, it } from '@jest/globals';
import { faultRounds } from './faultRounds.js';

describe('faultRounds', () => {
  it.each([
    ['', 3],
    ['full', 1_000],
    ['7', 7],
  ])('FAULT_ROUNDS=%j runs %i rounds', (setting, rounds) =>
    expect(faultRounds({ usual: 3, full: 1_000 }, setting)).toBe(rounds),
  );

  it.each(['0', '-1', '1.5', 'all', 'Infinity'])('rejects FAULT_ROUNDS=%j', (setting) => {
    expect(() => faultRounds({ usual: 3, full: 1_000 }, setting)).toThrow(/FAULT_ROUNDS must be/);
  });
});
