import { describe, expect, it } from '@jest/globals';
import { type Counts, verdictOn } from './verdict.js';

const now = new Date('2026-01-01T12:00:00.000Z');
const ago = (ms: number) => new Date(now.getTime() - ms);
const settings = {
  ...{ failuresPerAccountAndSource: 10, failuresPerAccount: 100, failuresPerSource: 300 },
  ...{ mailsPerAddressAndSource: 3, mailsPerAddress: 12, mailsPerSource: 60 },
};
const noAttempts: Counts = {
  ...{ pairFailed: 0, pairInFlight: 0, pairLast: null, accountFailed: 0, accountInFlight: 0, accountLast: null },
  ...{ sourceFailed: 0, sourceInFlight: 0, sourceFreeAt: null, sourceKnown: false },
};
const verdict = (counts: Partial<Counts>) => verdictOn({ ...noAttempts, ...counts }, settings, now);
const allowed = { outcome: 'allowed' };
const undecided = { outcome: 'undecided' };
const refused = (retryAfterSeconds: number) => ({ outcome: 'refused', retryAfterSeconds });

describe('verdict on an attempt', () => {
  it('R-02 allows an attempt at once after nine failures of an account from one source', () => {
    expect(verdict({ pairFailed: 9, pairLast: now })).toEqual(allowed);
  });

  it.each([
    [10, 1],
    [11, 2],
    [14, 16],
    [19, 512],
    [20, 900],
    [1_000, 900],
  ])('R-02 after %d failures in a row, delays the next attempt by %d s', (pairFailed, seconds) => {
    expect(verdict({ pairFailed, pairLast: now })).toEqual(refused(seconds));
    expect(verdict({ pairFailed, pairLast: ago(seconds * 1_000) })).toEqual(allowed);
  });

  it('R-02 is undecided while attempts in flight could reach the limit', () => {
    expect(verdict({ pairFailed: 4, pairInFlight: 5 })).toEqual(allowed);
    expect(verdict({ pairFailed: 4, pairInFlight: 6 })).toEqual(undecided);
    expect(verdict({ accountFailed: 60, accountInFlight: 40 })).toEqual(undecided);
    expect(verdict({ sourceFailed: 1, sourceInFlight: 299 })).toEqual(undecided);
  });

  it('R-02 allows one attempt at a time after the delay', () => {
    expect(verdict({ pairFailed: 10, pairLast: ago(60_000), pairInFlight: 1 })).toEqual(undecided);
  });

  it('R-02 delays attempts at an account guessed at from many sources by a minute at most', () => {
    expect(verdict({ accountFailed: 99, accountLast: now })).toEqual(allowed);
    expect(verdict({ accountFailed: 100, accountLast: now })).toEqual(refused(1));
    expect(verdict({ accountFailed: 5_000, accountLast: now })).toEqual(refused(60));
  });

  it('R-02 lets a known source count by itself, whatever other sources do', () => {
    const flooded = { accountFailed: 5_000, accountInFlight: 200, accountLast: now, sourceKnown: true };
    expect(verdict(flooded)).toEqual(allowed);
    expect(verdict({ ...flooded, pairFailed: 10, pairLast: now })).toEqual(refused(1));
    expect(verdict({ ...flooded, sourceFailed: 300, sourceFreeAt: new Date(now.getTime() + 1_000) })).toEqual(
      refused(1),
    );
  });

  it('R-02 refuses a source until the oldest failure that fills its window has left it', () => {
    expect(verdict({ sourceFailed: 299 })).toEqual(allowed);
    expect(verdict({ sourceFailed: 300, sourceFreeAt: new Date(now.getTime() + 7_200) })).toEqual(refused(8));
  });

  it('R-02 gives the longest of several delays', () => {
    const both = { pairFailed: 12, pairLast: now, sourceFailed: 300, sourceFreeAt: new Date(now.getTime() + 1_000) };
    expect(verdict(both)).toEqual(refused(4));
  });
});
