import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { streamSlots } from './streamSlots.js';

const BUSY = expect.objectContaining({ slug: 'busy', details: { retryAfterSeconds: 10 } });

let time: number;
beforeEach(() => {
  time = 1_000_000;
  jest.spyOn(performance, 'now').mockImplementation(() => time);
});
afterEach(() => void jest.restoreAllMocks());

describe('streamSlots', () => {
  it('H-03 pass to a newcomer from who has read for a minute longer, however slowly', () => {
    const { take } = streamSlots('tests', 2);
    const slow = take('a');
    time += 1_000;
    const other = take('b');
    time += 58_000;
    expect(() => take('c')).toThrow(BUSY);
    time += 1_000;
    take('c');
    expect([slow.lost.aborted, other.lost.aborted]).toEqual([true, false]);
    expect(slow.lost.reason).toEqual(BUSY);
  });

  it('H-03 do not pass back to a reader that starts over, as long as others have read less', () => {
    const { take } = streamSlots('tests', 1);
    take('a');
    time += 60_000;
    const newcomer = take('b');
    time += 119_000;
    expect(() => take('a')).toThrow(BUSY);
    time += 1_000;
    take('a');
    expect(newcomer.lost.aborted).toBe(true);
  });

  it('leave a reader its slot while others are free, however long it takes', () => {
    const { take } = streamSlots('tests', 2);
    const slow = take('a');
    time += 500_000;
    take('b').free();
    take('c').free();
    expect(slow.lost.aborted).toBe(false);
  });
});
