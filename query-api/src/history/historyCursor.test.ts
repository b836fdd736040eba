import { describe, expect, it } from '@jest/globals';
import type { HistoryStream } from '@ums/identity/history/historyEntry';
import fc from 'fast-check';
import { formatBoundary, parseBoundary } from './historyCursor.js';

const STREAMS: readonly HistoryStream[] = ['user', 'signin', 'access'];
const encoded = (text: string): string => Buffer.from(text).toString('base64url');

describe('a cursor of a history', () => {
  it('leads back to its place, and is short', () => {
    const count = fc.bigInt({ min: 0n, max: 999_999_999_999_999n });
    fc.assert(
      fc.property(count, count, count, fc.integer({ min: 1, max: 3 }), (user, signin, access, number) => {
        const streams = STREAMS.slice(0, number);
        const text = formatBoundary({ user, signin, access }, streams);
        expect(text.length).toBeLessThanOrEqual(80);
        expect(Object.entries(parseBoundary(text, streams) ?? {})).toEqual(
          Object.entries({ user, signin, access }).slice(0, number),
        );
        for (let length = 0; length < text.length; length++)
          expect(parseBoundary(text.slice(0, length), streams)).toBeUndefined();
      }),
    );
  });

  it('is refused by a history of other streams', () => {
    const text = formatBoundary({ user: 1n, signin: 2n }, ['user', 'signin']);
    for (const streams of [['user'], ['user', 'access'], ['signin', 'user'], STREAMS] as HistoryStream[][])
      expect(parseBoundary(text, streams)).toBeUndefined();
  });

  it.each([
    '',
    '!',
    encoded('u '),
    encoded('u-1 '),
    encoded('u01 '),
    encoded('u1'),
    encoded('u1  '),
    encoded(`u${'9'.repeat(16)} `),
    'A'.repeat(81),
  ])('%j is none', (text) => {
    expect(parseBoundary(text, ['user'])).toBeUndefined();
  });
});
