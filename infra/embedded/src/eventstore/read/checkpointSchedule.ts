const pageMatches = 32;

/** Decides when a filtered subscription tells its reader how far it has looked. */
export interface CheckpointSchedule {
  /** The subscription begins; a position is due to be sent. */
  started(): bigint | undefined;
  /** Takes note of an event that was looked at, after it was sent if it matches; a position is due to be sent. */
  looked(position: bigint, matched: boolean): bigint | undefined;
  /** The subscription is live from here on; a position is due to be sent. */
  caughtUp(): bigint | undefined;
  /** The subscription is reading up to the end of the log again. */
  fellBehind(): void;
}

/**
 * The rule of EventStoreDB 24.2. Live: every `window * interval` events looked at. Catching up: after a page (at most
 * `window` events looked at and 32 that match) once as many have been looked at, and at the end the last event sent.
 * None is sent twice, none goes back.
 * @param start the position the reader gave, which counts as looked at; undefined for the log's start or end.
 */
export function checkpointSchedule(window: number, interval: number, start: bigint | undefined): CheckpointSchedule {
  const every = window * interval;
  let live = false;
  let looked = 0;
  let page = { looked: start === undefined ? 0 : 1, matched: 0 };
  let lastMatch = start;
  let sent: bigint | undefined;
  let at = start;

  const send = (position: bigint | undefined) => {
    if (position === undefined || (sent !== undefined && position <= sent)) return undefined;
    sent = position;
    return position;
  };
  const pageIsFull = () => page.looked >= window || page.matched >= pageMatches;
  const endPage = () => {
    looked += page.looked;
    page = { looked: 0, matched: 0 };
    if (looked < every) return undefined;
    looked %= every;
    return send(at);
  };

  return {
    started: () => (pageIsFull() ? endPage() : undefined),
    looked: (position, matched) => {
      if (matched) lastMatch = position;
      at = position;
      if (live) {
        looked += 1;
        if (looked < every) return undefined;
        looked = 0;
        return send(position);
      }
      page = { looked: page.looked + 1, matched: page.matched + (matched ? 1 : 0) };
      return pageIsFull() ? endPage() : undefined;
    },
    caughtUp: () => {
      live = true;
      looked = 0;
      return send(lastMatch);
    },
    fellBehind: () => {
      live = false;
      looked = 0;
      page = { looked: 0, matched: 0 };
    },
  };
}
