/** An event of the log, as a checkpoint names it. */
export interface LogPlace {
  position: bigint;
  eventId: string;
}

/** Progress of a consumer that finishes messages out of order: up to the event before its lowest unfinished message. */
export interface ProgressTracker {
  /** Records a message as unfinished. The returned function records it as finished. */
  begin(place: LogPlace): () => void;
  /** Records an event that needs no work. */
  skip(place: LogPlace): void;
  /** The last event up to which everything is finished; `undefined` while there is none. */
  finishedUpTo(): LogPlace | undefined;
  /**
   * Resolves when fewer messages than the limit are beyond the checkpoint, or the signal aborts. The limit bounds memory
   * and what is repeated after a crash.
   */
  room(signal: AbortSignal): Promise<void>;
}

interface Entry {
  /** The message, or the last skipped event after it. */
  upTo: LogPlace;
  isFinished: boolean;
}

/** @param limit messages beyond the checkpoint at which `room` waits. */
export const progressTracker = (limit: number): ProgressTracker => {
  const entries: Entry[] = [];
  let finishedUpTo: LogPlace | undefined;
  const changes = new EventTarget();

  const removeFinished = (): void => {
    for (let first = entries[0]; first?.isFinished === true; first = entries[0]) {
      finishedUpTo = first.upTo;
      entries.shift();
    }
    if (entries.length < limit) changes.dispatchEvent(new Event('room'));
  };

  return {
    begin: (place) => {
      const entry: Entry = { upTo: place, isFinished: false };
      entries.push(entry);
      return () => {
        entry.isFinished = true;
        removeFinished();
      };
    },
    skip: (place) => {
      const last = entries.at(-1);
      if (last === undefined) finishedUpTo = place;
      else last.upTo = place;
    },
    finishedUpTo: () => finishedUpTo,
    room: async (signal) => {
      if (entries.length < limit || signal.aborted) return;
      const resolved = new AbortController();
      await new Promise((resolve) => {
        changes.addEventListener('room', resolve, { signal: resolved.signal });
        signal.addEventListener('abort', resolve, { signal: resolved.signal });
      });
      resolved.abort();
    },
  };
};
