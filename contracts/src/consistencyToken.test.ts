import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatConsistencyToken, parseConsistencyToken } from './consistencyToken.js';

const logId = '0199c0de-0000-4000-8000-000000000001';
const encoded = (text: string) => Buffer.from(text).toString('base64url');

describe('a consistency token', () => {
  it('F-31 parses to the log and position it was made from, up to the highest position', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), (id, position) => {
        const token = formatConsistencyToken({ logId: id, position });
        expect(token).toMatch(/^[\w-]{1,100}$/);
        expect(parseConsistencyToken(token)).toEqual({ logId: id, position });
        for (let length = 1; length < token.length; length++)
          expect(parseConsistencyToken(token.slice(0, length))).toBeUndefined();
        for (const more of ['A', 'AA', '0']) expect(parseConsistencyToken(token + more)).toBeUndefined();
      }),
    );
  });

  it.each([
    ['empty', ''],
    ['no base64url', '***'],
    ['without a position', encoded(logId)],
    ['with a position below zero', encoded(`${logId}.-1.`)],
    ['with a position in another base', encoded(`${logId}.0x10.`)],
    ['with a leading zero', encoded(`${logId}.01.`)],
    ['with a position too long', encoded(`${logId}.${'9'.repeat(21)}.`)],
    ['with a position higher than any', encoded(`${logId}.${2n ** 64n}.`)],
    ['without an end', encoded(`${logId}.1`)],
    ['with another log id', encoded('log.1.')],
    ['with something after it', encoded(`${logId}.1.\n`)],
    ['too long', 'a'.repeat(101)],
  ])('F-31 is malformed when %s', (_, token) => {
    expect(parseConsistencyToken(token)).toBeUndefined();
  });
});
