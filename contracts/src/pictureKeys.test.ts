import { describe, expect, it } from '@jest/globals';
import { parseUploadKey, pictureIdIn, pictureKey, prefixOfUpload, UPLOAD_PREFIXES, uploadKey } from './pictureKeys.js';

const userId = '0199c0de-0000-4000-8000-000000000001';
const registrationId = '0199c0de-0000-4000-8000-00000000000a';
const pictureId = '0199c0de-0000-4000-8000-0000000000aa';

describe('keys of pictures', () => {
  it('stay the same, because objects are stored under them', () => {
    expect(pictureKey(userId, pictureId, 64)).toBe(`pictures/${userId}/${pictureId}/64.webp`);
    expect(pictureIdIn(pictureKey(userId, pictureId, 64))).toBe(pictureId);
    expect(uploadKey(userId, { pictureId, registrationId: null })).toBe(`uploads/${userId}/${pictureId}/original`);
    expect(uploadKey(userId, { pictureId, registrationId })).toBe(`pending/${registrationId}/${pictureId}/original`);
    expect(prefixOfUpload(`uploads/${userId}/${pictureId}/original`)).toBe(`uploads/${userId}/${pictureId}/`);
  });

  it('tell whose upload an object is', () => {
    const parsed = [null, registrationId].map((each) =>
      parseUploadKey(uploadKey(userId, { pictureId, registrationId: each })),
    );
    expect(parsed).toEqual([
      { ownerId: userId, isOfRegistration: false, pictureId },
      { ownerId: registrationId, isOfRegistration: true, pictureId },
    ]);
    for (const other of [
      pictureKey(userId, pictureId, 64),
      `uploads/${userId}/`,
      `uploads/${userId}/a`,
      'uploads/a',
      '',
    ])
      expect(parseUploadKey(other)).toBeUndefined();
    expect(UPLOAD_PREFIXES).toEqual(['uploads/', 'pending/']);
  });
});
