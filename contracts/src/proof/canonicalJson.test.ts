import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { proofVectors } from '../../test/proofVectors.js';
import { canonicalJson, NotCanonical } from './canonicalJson.js';

const nested = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);

describe('canonicalJson', () => {
  it.each(proofVectors().numbers)('writes the number $ieee754 as RFC 8785 does', ({ ieee754, text }) => {
    expect(canonicalJson(Buffer.from(ieee754, 'hex').readDoubleBE())).toBe(text);
  });

  it('writes the examples of RFC 8785', () => {
    const example = String.raw`{
      "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
      "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
      "literals": [null, true, false]
    }`;
    expect(canonicalJson(JSON.parse(example))).toBe(
      String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
    );
    const names = String.raw`{"\u20ac":1,"\r":2,"\ufb33":3,"1":4,"\ud83d\ude00":5,"\u0080":6,"\u00f6":7}`;
    expect(Object.values(JSON.parse(names))).toHaveLength(7);
    expect(
      canonicalJson(JSON.parse(names))
        .match(/\d(?=[,}])/g)
        ?.join(''),
    ).toBe('2467153');
  });

  it('is the same text for the same value, whatever the order of its members and the white space', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(canonicalJson(JSON.parse(JSON.stringify(reversed(value), null, 2)))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('differs for different values', () => {
    const texts = ['1', 1, [1], { 1: 1 }, null, 'null', {}, [], '', [[]], { '': '' }, true, 'true'].map(canonicalJson);
    expect(new Set(texts).size).toBe(texts.length);
  });

  it.each([
    ['NaN', Number.NaN],
    ['an infinity', [Number.NEGATIVE_INFINITY]],
    ['undefined', { field: undefined }],
    ['a hole', new Array(1)],
    ['a bigint', 1n],
    ['a symbol', Symbol('canary')],
    ['a function', () => 1],
    ['a date', new Date(0)],
    ['bytes', Buffer.from('canary')],
    ['an unpaired high surrogate', 'canary \ud83d'],
    ['an unpaired low surrogate', ['\ude00\ud83d canary']],
    ['an unpaired surrogate in a name', { '\ud83d canary': 1 }],
    ['more than 500 levels', nested(501)],
    ['very many levels', nested(100_000)],
  ])('refuses %s, and quotes nothing of it', (_, value) => {
    const refused = (): unknown => {
      try {
        return canonicalJson(value);
      } catch (error) {
        return error;
      }
    };
    expect(refused()).toBeInstanceOf(NotCanonical);
    expect(String(refused())).not.toContain('canary');
  });

  it('takes 500 levels and objects without a prototype', () => {
    expect(canonicalJson(nested(500))).toHaveLength(1_000);
    expect(canonicalJson(Object.assign(Object.create(null), { b: 1, a: 2 }))).toBe('{"a":2,"b":1}');
  });
});

const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  // `fromEntries` defines members, so that one named `__proto__` stays a member.
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, reversed(member)]),
  );
};
