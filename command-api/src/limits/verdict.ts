import type { LimitSettings } from './limitSettings.js';

/** Counted attempts: of the account from this source (`pair`), of the account from any source, of the source on any account. */
export interface Counts {
  pairFailed: number;
  pairInFlight: number;
  pairLast: Date | null;
  accountFailed: number;
  accountInFlight: number;
  accountLast: Date | null;
  sourceFailed: number;
  sourceInFlight: number;
  /** When the source falls below its limit again, as failures leave its window; `null` while it is below. */
  sourceFreeAt: Date | null;
  /** Whether the account was logged in to from this source lately. Then attempts from other sources do not count. */
  sourceKnown: boolean;
}

/** `undecided`: whether there is room depends on the attempts in flight, so the caller must try again shortly. */
export type Verdict =
  | { outcome: 'allowed' }
  | { outcome: 'undecided' }
  | { outcome: 'refused'; retryAfterSeconds: number };

const ALLOWED: Verdict = { outcome: 'allowed' };
const UNDECIDED: Verdict = { outcome: 'undecided' };
const FIRST_DELAY_MS = 1_000;
/** The longest delay for an account from one source; the delay doubles up to it. */
const LONGEST_PAIR_DELAY_MS = 900_000;
/** The longest delay for an account from any source. Short, because attackers must not be able to lock the user out. */
const LONGEST_ACCOUNT_DELAY_MS = 60_000;

/** Whether one more attempt may start. */
export const verdictOn = (counts: Counts, settings: LimitSettings, now: Date): Verdict =>
  strictest([
    inARow(counts.pairFailed, counts.pairInFlight, counts.pairLast, settings.failuresPerAccountAndSource, {
      now,
      longestMs: LONGEST_PAIR_DELAY_MS,
    }),
    counts.sourceKnown ? ALLOWED : fromAnySource(counts, settings, now),
    inWindow(counts, settings.failuresPerSource, now),
  ]);

/** Skipped for a known source, so that strangers cannot lock the user out. */
const fromAnySource = (counts: Counts, { failuresPerAccount }: LimitSettings, now: Date): Verdict =>
  inARow(counts.accountFailed, counts.accountInFlight, counts.accountLast, failuresPerAccount, {
    now,
    longestMs: LONGEST_ACCOUNT_DELAY_MS,
  });

/** From the limit on, the delay after each failure doubles, and after the delay one attempt may run at a time. */
const inARow = (
  failed: number,
  inFlight: number,
  last: Date | null,
  limit: number,
  { now, longestMs }: { now: Date; longestMs: number },
): Verdict => {
  if (failed < limit) return failed + inFlight < limit ? ALLOWED : UNDECIDED;
  const delayMs = Math.min(FIRST_DELAY_MS * 2 ** Math.min(failed - limit, 30), longestMs);
  const leftMs = (last?.getTime() ?? 0) + delayMs - now.getTime();
  if (leftMs > 0) return refusedFor(leftMs);
  return inFlight === 0 ? ALLOWED : UNDECIDED;
};

const inWindow = ({ sourceFailed, sourceInFlight, sourceFreeAt }: Counts, limit: number, now: Date): Verdict => {
  if (sourceFailed >= limit) return refusedFor((sourceFreeAt?.getTime() ?? 0) - now.getTime());
  return sourceFailed + sourceInFlight < limit ? ALLOWED : UNDECIDED;
};

const refusedFor = (ms: number): Verdict => ({
  outcome: 'refused',
  retryAfterSeconds: Math.max(1, Math.ceil(ms / 1_000)),
});

const strictest = (verdicts: Verdict[]): Verdict => {
  const refusals = verdicts.flatMap((verdict) => (verdict.outcome === 'refused' ? [verdict] : []));
  if (refusals.length > 0) return refusals.reduce((a, b) => (a.retryAfterSeconds >= b.retryAfterSeconds ? a : b));
  return verdicts.find(({ outcome }) => outcome === 'undecided') ?? ALLOWED;
};
