import type { Place } from './decideAppend.js';

export const cacheKey = (streamKey: Buffer): string => streamKey.toString('latin1');

/** Last events of the streams written most recently, so that the next append to them asks the database nothing. */
export function streamHeads(capacity = 20_000) {
  const heads = new Map<string, Place>();
  return {
    get: (key: string): Place | undefined => heads.get(key),
    set: (key: string, head: Place): void => {
      heads.delete(key);
      heads.set(key, head);
      const oldest = heads.keys().next();
      if (heads.size > capacity && !oldest.done) heads.delete(oldest.value);
    },
    clear: (): void => heads.clear(),
  };
}

export type StreamHeads = ReturnType<typeof streamHeads>;
