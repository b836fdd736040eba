import { expect, it } from '@jest/globals';
import { pictureUrls } from './pictureUrls.js';

const urlsOf = pictureUrls(async (key, { contentType, disposition }) => `${key} ${contentType} ${disposition}`);
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
