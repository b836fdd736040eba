import { expect, it } from '@jest/globals';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { memoryObjectStorage } from './memoryObjectStorage.js';
import { objectStorageContract } from './objectStorageContract.js';

const storage = memoryObjectStorage();
objectStorageContract(() => storage);

it('fails every call while it is down', async () => {
  storage.setDown(true);
  await expect(storage.head('a')).rejects.toThrow(DependencyUnavailable);
  await expect(storage.deleteAll('a/')).rejects.toThrow(DependencyUnavailable);
  storage.setDown(false);
  expect(await storage.head('a')).toBeUndefined();
});
