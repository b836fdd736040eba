/** An event of the log, as a checkpoint names it. */
export interface LogPlace {
  position: bigint;
  eventId: string;
}

/** Progress of a consumer that finishes messages out of order: up to the place before its lowest unfinished message. */
export interface ProgressTracker<Place> {
  /** Records a message as unfinished. The returned function records it as finished. */
  begin(place: Place): () => void;
  /**
   * Records a message as unfinished that comes before places recorded already: nothing counts as finished up to those until it is
   * finished.
   */
  beginLate(): () => void;
  /** Records a place that needs no work. */
  skip(place: Place): void;
  /** The last place up to which everything is finished; `undefined` while there is none. */
  finishedUpTo(): Place | undefined;
  /** How many messages are beyond `finishedUpTo`, finished ones behind an unfinished one included. */
  beyond(): number;
  /**
   * Resolves when fewer messages than the limit are beyond the checkpoint, or the signal aborts. The limit bounds memory
   * and what is repeated after a crash.
   */
  room(signal: AbortSignal): Promise<void>;
}

interface Entry<Place> {
  /** The message, or the last skipped place after it. `undefined` when nothing before the message is finished. */
  upTo: Place | undefined;
  isFinished: boolean;
}

/** @param limit messages beyond the checkpoint at which `room` waits. */
export const progressTracker = <Place = LogPlace>(limit: number): ProgressTracker<Place> => {
  const entries: Entry<Place>[] = [];
  let finishedUpTo: Place | undefined;
  const changes = new EventTarget();

  const removeFinished = (): void => {
    for (let first = entries[0]; first?.isFinished === true; first = entries[0]) {
      finishedUpTo = first.upTo;
      entries.shift();
    }
    if (entries.length < limit) changes.dispatchEvent(new Event('room'));
  };

  const finisherOf = (entry: Entry<Place>) => () => {
    entry.isFinished = true;
    removeFinished();
  };

  return {
    begin: (place) => {
      const entry: Entry<Place> = { upTo: place, isFinished: false };
      entries.push(entry);
      return finisherOf(entry);
    },
    beginLate: () => {
      const entry: Entry<Place> = { upTo: finishedUpTo, isFinished: false };
      entries.unshift(entry);
      finishedUpTo = undefined;
      return finisherOf(entry);
    },
    skip: (place) => {
      const last = entries.at(-1);
      if (last === undefined) finishedUpTo = place;
      else last.upTo = place;
    },
    finishedUpTo: () => finishedUpTo,
    beyond: () => entries.length,
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
