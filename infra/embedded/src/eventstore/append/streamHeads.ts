import type { EventLocation } from './decideAppend.js';

export const cacheKey = (streamKey: Buffer): string => streamKey.toString('latin1');

/** Cache of the last events of the most recently written streams, which saves a query for the next append to them. */
export const streamHeads = (capacity = 20_000) => {
  const heads = new Map<string, EventLocation>();
  return {
    get: (key: string): EventLocation | undefined => heads.get(key),
    set: (key: string, head: EventLocation): void => {
      heads.delete(key);
      heads.set(key, head);
      const oldest = heads.keys().next();
      if (heads.size > capacity && !oldest.done) heads.delete(oldest.value);
    },
    clear: (): void => heads.clear(),
  };
};

export type StreamHeads = ReturnType<typeof streamHeads>;
