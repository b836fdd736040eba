import { describe, expect, it } from '@jest/globals';
import { lagClock } from './lagClock.js';

const clockAt = () => {
  let now = 0;
  const clock = lagClock(() => now);
  return (ms: number, position: bigint, head: bigint | undefined) => {
    now = ms;
    return clock(position, head);
  };
};

describe('lagClock', () => {
  it('F-13 measures since the first head that is not reached, however far the log grows meanwhile', () => {
    const at = clockAt();
    expect(at(0, 5n, 5n)).toBeUndefined();
    expect(at(1_000, 5n, 8n)).toBe(0);
    expect(at(3_000, 7n, 90n)).toBe(2);
    expect(at(4_000, 7n, undefined)).toBe(3);
  });

  it('F-13 begins anew when that head is reached', () => {
    const at = clockAt();
    expect(at(0, -1n, 8n)).toBe(0);
    expect(at(5_000, 8n, 9n)).toBe(0);
    expect(at(6_000, 9n, 9n)).toBeUndefined();
    expect(at(6_000, 9n, undefined)).toBeUndefined();
  });
});
