import { describe, expect, it } from '@jest/globals';
import { Refused } from '../refused.js';
import { etagOf, ifMatchRevision } from './etag.js';

const refusal = (ifMatch: string): unknown => {
  try {
    return ifMatchRevision(ifMatch);
  } catch (error) {
    return error;
  }
};

describe('etagOf', () => {
  it('writes a revision as a strong entity tag', () => {
    expect(etagOf(0n)).toBe('"0"');
    expect(etagOf(42)).toBe('"42"');
  });
});

describe('revisionOf', () => {
  it('F-05 reads what etagOf writes', () => {
    for (const revision of [0n, 1n, 10n, 999_999_999_999_999_999n])
      expect(ifMatchRevision(etagOf(revision))).toBe(revision);
    expect(ifMatchRevision(' "7" ')).toBe(7n);
  });

  it('asks for no revision without a header', () => {
    expect(ifMatchRevision(undefined)).toBeUndefined();
  });

  it.each(['', '*', '7', '"7', 'W/"7"', '"7", "8"', '"07"', '"-1"', '"1.0"', '"x"', '"1000000000000000000"'])(
    'refuses %j, and names the header only',
    (ifMatch) => {
      const errors = [{ field: 'If-Match', message: expect.any(String) }];
      const error = refusal(ifMatch);
      expect(error).toBeInstanceOf(Refused);
      expect(error).toMatchObject({ slug: 'validation-failed', details: { errors } });
    },
  );
});
