import { expect, it } from '@jest/globals';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { createLog, silentLog } from '@ums/kit/log';
import { pictureUrls } from './pictureUrls.js';

const urlsOf = pictureUrls(
  async (key, { contentType, disposition }) => `${key} ${contentType} ${disposition}`,
  silentLog,
);
const picture = { pictureId: 'new', status: 'processing', reason: undefined, readyId: undefined } as const;

it('links the squares of the last picture that was ready, also while a newer one is processed', async () => {
  const as = 'image/webp inline; filename="picture.webp"';
  expect(await urlsOf({ userId: 'user', picture: { ...picture, readyId: 'old' } })).toEqual({
    '64': `pictures/user/old/64.webp ${as}`,
    '256': `pictures/user/old/256.webp ${as}`,
    '512': `pictures/user/old/512.webp ${as}`,
  });
});

it('links nothing before a first picture is ready, and nothing without a picture', async () => {
  expect(await urlsOf({ userId: 'user', picture })).toEqual({});
  expect(await urlsOf({ userId: 'user', picture: undefined })).toEqual({});
});

it('links nothing while links cannot be signed, and logs it once a minute', async () => {
  const lines: string[] = [];
  const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  const ready = { userId: 'user', picture: { ...picture, readyId: 'old' } };
  let now = 0;
  const failing = (error: Error) => pictureUrls(() => Promise.reject(error), log, { now: () => new Date(now) });
  const urls = failing(new DependencyUnavailable('object storage'));
  for (now = 1; now < 120_000; now += 20_000) expect(await urls(ready)).toEqual({});
  expect(lines).toEqual(Array(2).fill(expect.stringContaining('links to pictures cannot be signed')));
  await expect(failing(new TypeError('a defect'))(ready)).rejects.toThrow('a defect');
});
