/** Spaces sends evenly, so that no second has more of them than the quota of the provider. */
export interface SendingPace {
  /**
   * Takes the next turn.
   *
   * @returns how long to wait for it, in ms; `undefined`, and no turn is taken, if that is more than `maxWaitMs`.
   */
  take(maxWaitMs: number): number | undefined;
}

/** @param now monotonic clock in ms. @default performance.now */
export const sendingPace = (perSecond: number, now: () => number = () => performance.now()): SendingPace => {
  const intervalMs = 1_000 / perSecond;
  let nextAt = Number.NEGATIVE_INFINITY;
  return {
    take: (maxWaitMs) => {
      const at = Math.max(nextAt, now());
      const waitMs = at - now();
      if (waitMs > maxWaitMs) return undefined;
      nextAt = at + intervalMs;
      return waitMs;
    },
  };
};
