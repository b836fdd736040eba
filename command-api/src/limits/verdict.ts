import type { LimitNumbers } from './limitNumbers.js';

/** What has been tried: by the account from this source, by the account from anywhere, by this source at anything. */
export interface Counts {
  pairFailed: number;
  pairInFlight: number;
  pairLast: Date | null;
  accountFailed: number;
  accountInFlight: number;
  accountLast: Date | null;
  sourceFailed: number;
  sourceInFlight: number;
  /** When the oldest failure that fills the source's window leaves it. */
  sourceFreeAt: Date | null;
}

/** `full`: those in flight decide whether there is room, so ask again soon. */
export type Verdict = { outcome: 'free' } | { outcome: 'full' } | { outcome: 'refused'; retryAfterSeconds: number };

const FREE: Verdict = { outcome: 'free' };
const FULL: Verdict = { outcome: 'full' };
const FIRST_DELAY_MS = 1_000;
/** From one source the wait doubles up to a quarter of an hour. */
const LONGEST_PAIR_DELAY_MS = 900_000;
/** Strangers must slow an account's owner down, not lock him out: a minute at most. */
const LONGEST_ACCOUNT_DELAY_MS = 60_000;

/** Whether one more attempt may start. */
export const verdictOn = (counts: Counts, numbers: LimitNumbers, now: Date): Verdict =>
  worst([
    inARow(counts.pairFailed, counts.pairInFlight, counts.pairLast, numbers.failuresPerAccountAndSource, {
      now,
      longestMs: LONGEST_PAIR_DELAY_MS,
    }),
    inARow(counts.accountFailed, counts.accountInFlight, counts.accountLast, numbers.failuresPerAccount, {
      now,
      longestMs: LONGEST_ACCOUNT_DELAY_MS,
    }),
    inWindow(counts, numbers.failuresPerSource, now),
  ]);

const inARow = (
  failed: number,
  inFlight: number,
  last: Date | null,
  limit: number,
  { now, longestMs }: { now: Date; longestMs: number },
): Verdict => {
  if (failed < limit) return failed + inFlight < limit ? FREE : FULL;
  const delayMs = Math.min(FIRST_DELAY_MS * 2 ** Math.min(failed - limit, 30), longestMs);
  const leftMs = (last?.getTime() ?? 0) + delayMs - now.getTime();
  if (leftMs > 0) return refusedFor(leftMs);
  return inFlight === 0 ? FREE : FULL;
};

const inWindow = ({ sourceFailed, sourceInFlight, sourceFreeAt }: Counts, limit: number, now: Date): Verdict => {
  if (sourceFailed >= limit) return refusedFor((sourceFreeAt?.getTime() ?? 0) - now.getTime());
  return sourceFailed + sourceInFlight < limit ? FREE : FULL;
};

const refusedFor = (ms: number): Verdict => ({
  outcome: 'refused',
  retryAfterSeconds: Math.max(1, Math.ceil(ms / 1_000)),
});

const worst = (verdicts: Verdict[]): Verdict => {
  const refusals = verdicts.flatMap((verdict) => (verdict.outcome === 'refused' ? [verdict] : []));
  if (refusals.length > 0) return refusals.reduce((a, b) => (a.retryAfterSeconds >= b.retryAfterSeconds ? a : b));
  return verdicts.find(({ outcome }) => outcome === 'full') ?? FREE;
};
