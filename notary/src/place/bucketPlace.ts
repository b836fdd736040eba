import { text } from 'node:stream/consumers';
import type { ObjectStorage } from '@ums/kit/object-storage/objectStorage';
import type { ReadablePlace } from './place.js';

const PREFIX = 'checkpoints/';
const MAX_NOTE_BYTES = 16_384;
const DAY_MS = 86_400_000;

export interface BucketPlaceOptions {
  storage: Pick<ObjectStorage, 'put' | 'get' | 'list'>;
  /** For how long an object can neither be changed nor deleted. The bucket must have object lock. @default it has none */
  lockDays?: number | undefined;
}

/**
 * A bucket with an object for each size of the tree. S3 lists keys in ascending order only, so they count down: the latest
 * checkpoint comes first.
 */
export const bucketPlace = ({ storage, lockDays }: BucketPlaceOptions): ReadablePlace => ({
  name: 'bucket',
  publish: async ({ note, size }) => {
    const lock = lockDays === undefined ? {} : { lockedUntil: new Date(Date.now() + lockDays * DAY_MS) };
    const options = { contentType: 'text/plain; charset=utf-8', maxBytes: MAX_NOTE_BYTES, mayBeLocked: true, ...lock };
    await storage.put(keyOf(size), Buffer.from(note), options);
  },
  latest: async () => {
    for await (const { key } of storage.list(PREFIX)) {
      const object = await storage.get(key);
      if (object !== undefined) return text(object.content);
    }
    return undefined;
  },
});

const keyOf = (size: number): string => `${PREFIX}${String(Number.MAX_SAFE_INTEGER - size).padStart(16, '0')}`;
