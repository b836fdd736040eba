import { createSecretKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { SealedPlace } from '@ums/contracts/sealing';
import { decode } from '@ums/contracts/stored/stored';
import fc from 'fast-check';
import { FIXTURE_KEY, fixtureNames, readFixture } from '../../../../contracts/test/fixture.js';
import { masterKeys } from './masterKeys.js';
import { SealBroken } from './sealBroken.js';
import { newDataKey, openWith, requestKey, sealWith } from './sealing.js';

const place: SealedPlace = {
  subject: '0199c0de-0000-4000-8000-000000000001',
  storedType: 'UserRenamed',
  eventId: '0199c0de-0000-4000-8000-0000000000e1',
  field: 'name',
};
const key = newDataKey();
const other = '0199c0de-0000-4000-8000-000000000002';

describe('a sealed value', () => {
  it('K-02 opens at its place, for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(openWith(key, place, sealWith(key, place, text, 'm1'))).toBe(text);
      }),
    );
  });

  it('K-02 does not open for another user, type, event or field, or with another key', () => {
    const sealed = sealWith(key, place, 'Ada', 'm1');
    const otherPlaces: Partial<SealedPlace>[] = [
      { subject: other },
      { storedType: 'UserRegistered' },
      { eventId: other },
      { field: 'email' },
      { subject: `${place.subject}","UserRenamed`, storedType: '' },
    ];
    for (const change of otherPlaces)
      expect(() => openWith(key, { ...place, ...change }, sealed)).toThrow(new SealBroken(change.field ?? 'name'));
    expect(() => openWith(newDataKey(), place, sealed)).toThrow(SealBroken);
  });

  it('K-02 does not open when the nonce or ciphertext was changed, or when it is not a sealed value', () => {
    const sealed = sealWith(key, place, 'Ada', 'm1');
    for (const part of [2, 3]) {
      const parts = sealed.split('.');
      parts[part] = (parts[part] ?? '').replace(/^./, (first) => (first === 'A' ? 'B' : 'A'));
      expect(() => openWith(key, place, parts.join('.'))).toThrow(SealBroken);
    }
    for (const text of ['', 'Ada', sealed.slice(0, 40), sealed.replace('v1', 'v2')])
      expect(() => openWith(key, place, text)).toThrow(SealBroken);
  });

  it('differs each time, names its master key and does not contain the text', () => {
    const [first, second] = [sealWith(key, place, 'Ada', 'm1'), sealWith(key, place, 'Ada', 'm1')];
    expect(first).not.toBe(second);
    expect(first).toMatch(/^v1\.m1\.[\w-]{16}\.[\w-]+$/);
  });

  it('L-02 leaves the value out of the error message', () => {
    expect(() => openWith(key, place, 'canary')).toThrow(/^the sealed name cannot be opened$/);
  });
});

describe('frozen fixtures', () => {
  it.each(fixtureNames())('%s still opens', (name) => {
    const { recorded, reads } = readFixture(name);
    expect(
      decode(recorded, (sealedPlace, sealed) => openWith(createSecretKey(FIXTURE_KEY), sealedPlace, sealed)),
    ).toMatchObject(reads);
  });
});

describe('requestKey', () => {
  it('differs for each data key, and is not the data key itself', () => {
    expect(requestKey(key).equals(requestKey(key))).toBe(true);
    expect(requestKey(key).equals(key)).toBe(false);
    expect(requestKey(key).equals(requestKey(newDataKey()))).toBe(false);
  });
});

describe('a wrapped data key', () => {
  const master = masterKeys('a master secret of more than thirty-two bytes');

  it('K-02 unwraps only for its subject and with its master key', () => {
    const wrapped = master.wrap(place.subject, key);
    expect(master.unwrap(place.subject, wrapped).equals(key)).toBe(true);
    expect(() => master.unwrap(other, wrapped)).toThrow(new SealBroken('data key'));
    expect(() => masterKeys('another').unwrap(place.subject, wrapped)).toThrow(SealBroken);
    const another = masterKeys('another');
    expect(() => another.unwrap(place.subject, { ...wrapped, masterKeyId: another.id })).toThrow(SealBroken);
    const damaged = { ...wrapped, wrapped: wrapped.wrapped.subarray(0, 20) };
    expect(() => master.unwrap(place.subject, damaged)).toThrow(SealBroken);
  });

  it('K-02 unwraps with the key that it names, and wraps with the current one, while the master key is being replaced', () => {
    const [old, next] = ['a master secret of more than thirty-two bytes', 'the next master secret, as long as that'];
    const [before, both] = [master.wrap(place.subject, key), masterKeys(next, [old])];
    expect(both.unwrap(place.subject, before).equals(key)).toBe(true);
    expect(both.wrap(place.subject, key).masterKeyId).toBe(masterKeys(next).id);
    expect(masterKeys(next).unwrap(place.subject, both.wrap(place.subject, key)).equals(key)).toBe(true);
    expect(() => both.unwrap(place.subject, { ...before, masterKeyId: both.id })).toThrow(SealBroken);
  });

  it('names the master key by an id that does not reveal the key', () => {
    expect(master.wrap(other, key)).toMatchObject({ masterKeyId: master.id });
    expect(master.id).toMatch(/^[\w-]{8}$/);
    expect(masterKeys(Buffer.from('x')).id).not.toBe(master.id);
  });
});
