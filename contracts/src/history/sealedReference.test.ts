import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { referTo, sealedValueIn } from './sealedReference.js';

const place = { subject: 's', storedType: 'UserRenamed', eventId: 'e', field: 'name' };

describe('a reference to a sealed value', () => {
  it('leads back to the value and its place, whatever was stored', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (sealed) => {
        expect(sealedValueIn(referTo(place, sealed))).toEqual({ place, sealed });
      }),
    );
  });

  it('differs for every event and field, also for equal values', () => {
    const places = [place, { ...place, eventId: 'f' }, { ...place, field: 'email' }];
    expect(new Set(places.map((one) => referTo(one, 'v1.x'))).size).toBe(3);
  });

  it('is no value of a clear field', () => {
    for (const value of ['', 'active', 'v1.m.AAAA.BBBB', ['user'], null, undefined, { status: 'ready' }])
      expect(sealedValueIn(value)).toBeUndefined();
  });
});
