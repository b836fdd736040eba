import { describe, expect, it } from '@jest/globals';
import { utcTime } from './utcTime.js';

describe('utcTime', () => {
  it('adds the milliseconds', () => {
    expect(utcTime('2026-01-31T12:00:00Z')).toBe('2026-01-31T12:00:00.000Z');
    expect(utcTime('2026-01-31T12:00:00.5Z')).toBe('2026-01-31T12:00:00.500Z');
    expect(utcTime('9999-12-31T23:59:59Z')).toBe('9999-12-31T23:59:59.000Z');
    expect(utcTime('0001-01-01T00:00:00Z')).toBe('0001-01-01T00:00:00.000Z');
    expect(utcTime('2024-02-29T23:59:59.999Z')).toBe('2024-02-29T23:59:59.999Z');
  });

  it.each([
    ...['2026-02-29T12:00:00Z', '2026-13-01T12:00:00Z', '2026-01-31T24:00:00Z', '2026-01-31T12:00:00'],
    ...['2026-01-31T12:00:00+01:00', '2026-01-31', '0000-01-01T00:00:00Z', 'now', ''],
  ])('takes no %j', (text) => {
    expect(utcTime(text)).toBeUndefined();
  });
});
