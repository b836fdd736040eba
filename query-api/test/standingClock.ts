import type { Clock } from '@ums/kit/clock';

/** A clock that stands still, so that no minute of a limit and no window of a record ends while a test counts in it. */
export const standingClock = (): Clock => {
  const now = Date.now();
  return { now: () => new Date(now) };
};
