import { describe, expect, it } from '@jest/globals';
import { erasureNoticePlace } from './erasureNotice.js';
import { additionalData, formatSealed, parseSealed, type SealedPlace } from './sealing.js';

const parts = { masterKeyId: 'mk_0-001', nonce: Buffer.alloc(12, 1), ciphertext: Buffer.alloc(20, 0xff) };

describe('the sealed form', () => {
  it('parses what it formats', () => {
    const text = formatSealed(parts);
    expect(text).toMatch(/^v1\.mk_0-001\.[\w-]{16}\.[\w-]{27}$/);
    expect(parseSealed(text)).toEqual(parts);
  });

  it.each([
    'v1.mk.AAAA.BBBB',
    formatSealed(parts).replace('v1', 'v2'),
    `${formatSealed(parts)}\n`,
    `${formatSealed(parts)}.x`,
    formatSealed({ ...parts, ciphertext: Buffer.alloc(15) }),
    'ada@example.org',
    7,
    null,
    undefined,
  ])('is not %j', (text) => {
    expect(parseSealed(text)).toBeUndefined();
  });

  it('K-02 keeps the four parts of a place apart in the additional data', () => {
    const place: SealedPlace = { subject: 'a', storedType: 'b', eventId: 'c', field: 'd' };
    const places: SealedPlace[] = [
      place,
      { ...place, subject: 'x' },
      { ...place, storedType: 'x' },
      { ...place, eventId: 'x' },
      { ...place, field: 'x' },
      { ...place, subject: 'a","b', storedType: '' },
      erasureNoticePlace('a'),
    ];
    expect(new Set(places.map((each) => additionalData(each).toString())).size).toBe(places.length);
  });
});
