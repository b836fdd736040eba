import { describe, expect, it } from '@jest/globals';
import type { ObjectStorage, PutOptions } from '@ums/kit/object-storage/objectStorage';
import { memoryObjectStorage } from '../../../infra/kit/test/memoryObjectStorage.js';
import { bucketPlace } from './bucketPlace.js';

describe('a bucket of checkpoints', () => {
  it('keeps an object for each size, and returns the one of the largest', async () => {
    const storage = memoryObjectStorage();
    const place = bucketPlace({ storage });
    expect(await place.latest()).toBeUndefined();
    for (const size of [1, 9, 10, 1_000_000, 999_999]) await place.publish({ size, note: `note of ${size}` });
    expect(await place.latest()).toBe('note of 1000000');
    await place.publish({ size: 10, note: 'note of 10' });
    expect(storage.keys()).toHaveLength(5);
  });

  it('fails while the storage is down', async () => {
    const storage = memoryObjectStorage();
    storage.setDown(true);
    const place = bucketPlace({ storage });
    await expect(place.publish({ size: 1, note: 'note' })).rejects.toMatchObject({ name: 'DependencyUnavailable' });
    await expect(place.latest()).rejects.toMatchObject({ name: 'DependencyUnavailable' });
  });

  it('locks each object for the days of the setting, and none without it', async () => {
    const options: PutOptions[] = [];
    const put: ObjectStorage['put'] = async (_key, _content, given) => options.push(given);
    const storage = { ...memoryObjectStorage(), put };
    const before = Date.now();
    await bucketPlace({ storage, lockDays: 30 }).publish({ size: 1, note: 'note' });
    await bucketPlace({ storage }).publish({ size: 1, note: 'note' });
    const [locked, free] = options;
    expect(Math.round(((locked?.lockedUntil?.getTime() ?? 0) - before) / 86_400_000)).toBe(30);
    expect(free).not.toHaveProperty('lockedUntil');
    expect([locked, free]).toEqual([
      expect.objectContaining({ mayBeLocked: true }),
      expect.objectContaining({ mayBeLocked: true }),
    ]);
  });
});
