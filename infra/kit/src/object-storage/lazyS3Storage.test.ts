import { describe, expect, it } from '@jest/globals';
import { memoryObjectStorage } from '../../test/memoryObjectStorage.js';
import { lazyS3Storage } from './lazyS3Storage.js';

const ACCESS = {
  endpoint: undefined,
  region: 'eu-central-1',
  bucket: 'pictures',
  credentials: undefined,
};

describe('lazyS3Storage', () => {
  it('opens the storage with the first call, once', async () => {
    let opened = 0;
    const lazy = lazyS3Storage(ACCESS, {}, async () => {
      opened += 1;
      return memoryObjectStorage();
    });
    expect(opened).toBe(0);
    await Promise.all([lazy.head('a'), lazy.head('b')]);
    await lazy.head('c');
    expect(opened).toBe(1);
  });

  it('opens it again after it could not be opened, and may be closed in between', async () => {
    let opened = 0;
    const lazy = lazyS3Storage(ACCESS, {}, async () => {
      opened += 1;
      if (opened === 1) throw new Error('no memory');
      return memoryObjectStorage();
    });
    const first = lazy.head('a');
    lazy.close();
    await expect(first).rejects.toThrow('no memory');
    expect(await lazy.head('a')).toBeUndefined();
  });

  it('closes the storage that was opened', async () => {
    let closed = false;
    const close = (): void => {
      closed = true;
    };
    const lazy = lazyS3Storage(ACCESS, {}, async () => ({ ...memoryObjectStorage(), close }));
    await lazy.head('a');
    lazy.close();
    await Promise.resolve();
    expect(closed).toBe(true);
  });
});
