import { describe, expect, it } from '@jest/globals';
import { toMinute } from './toMinute.js';

describe('a time in the words of a mail', () => {
  it.each([
    ['en', '2026-03-02 10:05 UTC'],
    ['de', '2. März 2026, 10:05 Uhr (UTC)'],
  ] as const)('has minutes in UTC in the form of its language: %s', (locale, expected) => {
    expect(toMinute(new Date('2026-03-02T10:05:59.123Z'), locale)).toBe(expected);
  });
});
