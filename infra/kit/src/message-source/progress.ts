/** An event of the log, as a checkpoint names it. */
export interface LogPlace {
  position: bigint;
  eventId: string;
}

/** How far a consumer that finishes out of order has come: up to the event before its lowest unfinished message. */
export interface Progress {
  /** A message is about to be handled. The function it returns says that it is finished. */
  begin(place: LogPlace): () => void;
  /** An event that needs no work. */
  pass(place: LogPlace): void;
  /** The last event before which nothing is unfinished; `undefined` while there is none. */
  reached(): LogPlace | undefined;
  /** Resolves when fewer than the limit stand beyond the checkpoint (it bounds memory and what a crash repeats), or at the abort. */
  room(signal: AbortSignal): Promise<void>;
}

interface Entry {
  /** The message, or the last passed event behind it. */
  upTo: LogPlace;
  finished: boolean;
}

export const progress = (limit: number): Progress => {
  const entries: Entry[] = [];
  let reached: LogPlace | undefined;
  const changed = new EventTarget();

  const advance = (): void => {
    for (let first = entries[0]; first?.finished === true; first = entries[0]) {
      reached = first.upTo;
      entries.shift();
    }
    if (entries.length < limit) changed.dispatchEvent(new Event('room'));
  };

  return {
    begin: (place) => {
      const entry: Entry = { upTo: place, finished: false };
      entries.push(entry);
      return () => {
        entry.finished = true;
        advance();
      };
    },
    pass: (place) => {
      const last = entries.at(-1);
      if (last === undefined) reached = place;
      else last.upTo = place;
    },
    reached: () => reached,
    room: async (signal) => {
      if (entries.length < limit || signal.aborted) return;
      const done = new AbortController();
      await new Promise((resolve) => {
        changed.addEventListener('room', resolve, { signal: done.signal });
        signal.addEventListener('abort', resolve, { signal: done.signal });
      });
      done.abort();
    },
  };
};
