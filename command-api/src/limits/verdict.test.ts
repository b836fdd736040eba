import { describe, expect, it } from '@jest/globals';
import { type Counts, verdictOn } from './verdict.js';

const now = new Date('2026-01-01T12:00:00.000Z');
const ago = (ms: number) => new Date(now.getTime() - ms);
const numbers = {
  ...{ failuresPerAccountAndSource: 10, failuresPerAccount: 100, failuresPerSource: 300 },
  ...{ mailsPerAddressAndSource: 3, mailsPerAddress: 12, mailsPerSource: 60 },
};
const quiet: Counts = {
  ...{ pairFailed: 0, pairInFlight: 0, pairLast: null, accountFailed: 0, accountInFlight: 0, accountLast: null },
  ...{ sourceFailed: 0, sourceInFlight: 0, sourceFreeAt: null },
};
const verdict = (counts: Partial<Counts>) => verdictOn({ ...quiet, ...counts }, numbers, now);
const free = { outcome: 'free' };
const full = { outcome: 'full' };
const refused = (retryAfterSeconds: number) => ({ outcome: 'refused', retryAfterSeconds });

describe('verdict on an attempt', () => {
  it('R-02 lets an account fail nine times in a row from one source without waiting', () => {
    expect(verdict({ pairFailed: 9, pairLast: now })).toEqual(free);
  });

  it.each([
    [10, 1],
    [11, 2],
    [14, 16],
    [19, 512],
    [20, 900],
    [1_000, 900],
  ])('R-02 makes who failed %d times in a row wait %d s', (pairFailed, seconds) => {
    expect(verdict({ pairFailed, pairLast: now })).toEqual(refused(seconds));
    expect(verdict({ pairFailed, pairLast: ago(seconds * 1_000) })).toEqual(free);
  });

  it('R-02 has what is in flight decide where it may fill the count', () => {
    expect(verdict({ pairFailed: 4, pairInFlight: 5 })).toEqual(free);
    expect(verdict({ pairFailed: 4, pairInFlight: 6 })).toEqual(full);
    expect(verdict({ accountFailed: 60, accountInFlight: 40 })).toEqual(full);
    expect(verdict({ sourceFailed: 1, sourceInFlight: 299 })).toEqual(full);
  });

  it('R-02 lets one at a time try once the wait is over', () => {
    expect(verdict({ pairFailed: 10, pairLast: ago(60_000), pairInFlight: 1 })).toEqual(full);
  });

  it('R-02 slows an account down that many sources guess at, by a minute at most', () => {
    expect(verdict({ accountFailed: 99, accountLast: now })).toEqual(free);
    expect(verdict({ accountFailed: 100, accountLast: now })).toEqual(refused(1));
    expect(verdict({ accountFailed: 5_000, accountLast: now })).toEqual(refused(60));
  });

  it('R-02 refuses a source until its oldest failure of the window has left it', () => {
    expect(verdict({ sourceFailed: 299 })).toEqual(free);
    expect(verdict({ sourceFailed: 300, sourceFreeAt: new Date(now.getTime() + 7_200) })).toEqual(refused(8));
  });

  it('R-02 names the longest of several waits', () => {
    const both = { pairFailed: 12, pairLast: now, sourceFailed: 300, sourceFreeAt: new Date(now.getTime() + 1_000) };
    expect(verdict(both)).toEqual(refused(4));
  });
});
