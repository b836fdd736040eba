import { describe, expect, it } from '@jest/globals';
import { Refused } from '../../refused.js';
import { etagOf, ifMatchRevision, isMatch } from './etag.js';

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

  it.each([undefined, '*', ' * '])('allows every revision: %j', (ifMatch) => {
    expect(ifMatchRevision(ifMatch)).toBeUndefined();
    expect(isMatch(undefined, 7n)).toBe(true);
  });

  it.each(['"7"', '"7", "8"', '"6","7"', ',"6" , , "7",', 'W/"6", "7"', '"x,y", "7"', '"\u00e9", "7"'])(
    'F-05 understands the list %j',
    (ifMatch) => {
      expect(isMatch(ifMatchRevision(ifMatch), 7n)).toBe(true);
      expect(isMatch(ifMatchRevision(ifMatch), 9n)).toBe(false);
    },
  );

  it.each(['W/"7"', 'W/"7", "8"', '"07"', '"-7"', '"7.0"', '"x"', '""', '"1000000000000000000"'])(
    'F-05 matches no revision by a tag that is weak or not of this service: %s',
    (ifMatch) => {
      expect(isMatch(ifMatchRevision(ifMatch), 7n)).toBe(false);
    },
  );

  it.each([
    '',
    ',',
    '7',
    '"7',
    '7"',
    'w/"7"',
    'W/ "7"',
    '"7" "8"',
    '"7", *',
    '"7";',
    '"7", 8',
    't',
    '"7", t',
    '"7"t',
    '"a b"',
  ])('refuses %j, and names the header only', (ifMatch) => {
    const errors = [{ field: 'If-Match', message: expect.any(String) }];
    const error = refusal(ifMatch);
    expect(error).toBeInstanceOf(Refused);
    expect(error).toMatchObject({ slug: 'validation-failed', details: { errors } });
  });

  it('I-01 refuses a long malformed list quickly', () => {
    const startedAt = process.cpuUsage();
    for (const part of ['"7" ', ', ', ' ', '"', 'W/"7",'])
      expect(() => ifMatchRevision(`"7"${part.repeat(16_000 / part.length)}x`)).toThrow(Refused);
    // A busy machine may pause this process, but that takes none of its processor time.
    expect(process.cpuUsage(startedAt).user / 1_000).toBeLessThan(1_000);
  });
});
