import type { EventLocation } from './decideAppend.js';

export const cacheKey = (streamKey: Buffer): string => streamKey.toString('latin1');

/** The last events of a stream and of its metadata stream. */
export interface FamilyHeads {
  readonly last: EventLocation | undefined;
  readonly metadata: EventLocation | undefined;
  /** Data of the last metadata event when it soft-deletes the stream. */
  readonly softDelete: Buffer | undefined;
}

/** Cache of the last events of the most recently written streams, which saves a query for the next append to them. */
export const familyHeads = (capacity = 20_000) => {
  const heads = new Map<string, FamilyHeads>();
  return {
    get: (key: string): FamilyHeads | undefined => heads.get(key),
    set: (key: string, head: FamilyHeads): void => {
      heads.delete(key);
      heads.set(key, head);
      const oldest = heads.keys().next();
      if (heads.size > capacity && !oldest.done) heads.delete(oldest.value);
    },
    clear: (): void => heads.clear(),
  };
};

export type HeadsCache = ReturnType<typeof familyHeads>;
