const MAX_PAGE_MATCHES = 32;

/** Decides when a filtered subscription sends a checkpoint. Each method returns the position to send, if one is due. */
export interface CheckpointSchedule {
  /** The subscription has started. */
  started(): bigint | undefined;
  /** An event was examined, and sent if it matches the filter. */
  examined(position: bigint, matches: boolean): bigint | undefined;
  /** The subscription is live from now on. */
  caughtUp(): bigint | undefined;
  /** The subscription is catching up again. */
  fellBehind(): void;
}

/**
 * The schedule of EventStoreDB 24.2. Live: a checkpoint after every `window * interval` events examined. Catching up: a
 * checkpoint after a page (at most `window` events examined and 32 matches) once that number has been examined, and at
 * the end one at the last event sent. Checkpoints only move forward.
 * @param start the position in the request, which counts as examined; undefined for the start or end of the log.
 */
export const checkpointSchedule = (window: number, interval: number, start: bigint | undefined): CheckpointSchedule => {
  const every = window * interval;
  let live = false;
  let examined = 0;
  let page = { examined: start === undefined ? 0 : 1, matches: 0 };
  let lastMatch = start;
  let lastSent: bigint | undefined;
  let lastExamined = start;

  const send = (position: bigint | undefined) => {
    if (position === undefined || (lastSent !== undefined && position <= lastSent)) return undefined;
    lastSent = position;
    return position;
  };
  const isPageFull = () => page.examined >= window || page.matches >= MAX_PAGE_MATCHES;
  const endPage = () => {
    examined += page.examined;
    page = { examined: 0, matches: 0 };
    if (examined < every) return undefined;
    examined %= every;
    return send(lastExamined);
  };

  return {
    started: () => (isPageFull() ? endPage() : undefined),
    examined: (position, matches) => {
      if (matches) lastMatch = position;
      lastExamined = position;
      if (live) {
        examined += 1;
        if (examined < every) return undefined;
        examined = 0;
        return send(position);
      }
      page = { examined: page.examined + 1, matches: page.matches + (matches ? 1 : 0) };
      return isPageFull() ? endPage() : undefined;
    },
    caughtUp: () => {
      live = true;
      examined = 0;
      return send(lastMatch);
    },
    fellBehind: () => {
      live = false;
      examined = 0;
      page = { examined: 0, matches: 0 };
    },
  };
};
