import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { pendingPrefix, pictureKey, uploadKey } from '@ums/contracts/pictureKeys';
import { memoryObjectStorage } from '../../../infra/kit/test/memoryObjectStorage.js';
import { storedFiles } from './storedFiles.js';

const [userId, registrationId, readyId] = [randomUUID(), randomUUID(), randomUUID()];
const owner = { userId, registrationId, readyId: undefined, newestId: undefined };

describe('the files of a user', () => {
  it('G-06 are the squares of the picture that is shown, and uploads that wait', async () => {
    const objects = memoryObjectStorage();
    const put = (key: string) => objects.put(key, Buffer.from(key), { contentType: 'text/plain', maxBytes: 1_000 });
    const [own, other] = [uploadKey(userId, { pictureId: randomUUID(), registrationId: null }), randomUUID()];
    const pending = `${pendingPrefix(registrationId)}${randomUUID()}/original`;
    for (const key of [own, pending, uploadKey(other, { pictureId: readyId, registrationId: null })]) await put(key);

    expect(await storedFiles(objects, { ...owner, readyId, newestId: readyId })).toEqual([
      ...([512, 256, 64] as const).map((size) => ({
        key: pictureKey(userId, readyId, size),
        name: `pictures/${size}.webp`,
      })),
      { key: own, name: 'pictures/upload-1' },
      { key: pending, name: 'pictures/upload-2' },
    ]);
  });

  it('G-06 are the squares of a newer picture, too, whose upload is deleted before it is shown', async () => {
    const newestId = randomUUID();
    const files = await storedFiles(memoryObjectStorage(), { ...owner, readyId, newestId });
    expect(files.slice(3)).toEqual(
      ([512, 256, 64] as const).map((size) => ({
        key: pictureKey(userId, newestId, size),
        name: `pictures/new-${size}.webp`,
      })),
    );
  });

  it('are none without a picture', async () => {
    expect(await storedFiles(memoryObjectStorage(), owner)).toEqual([]);
  });

  it('F-03 cannot be listed while the object storage is down', async () => {
    const objects = memoryObjectStorage();
    objects.setDown(true);
    await expect(storedFiles(objects, owner)).rejects.toThrow('object storage');
  });
});
