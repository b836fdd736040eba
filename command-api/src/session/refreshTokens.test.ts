import { describe, expect, it } from '@jest/globals';
import { createRefreshTokens } from './refreshTokens.js';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.';
const claim = { sessionId: '0199c0de-0000-4000-8000-000000000001', generation: 12 };
const old = Buffer.alloc(32, 1);
const tokens = createRefreshTokens(old);

describe('refresh tokens', () => {
  it('T-07 are the same each time they are issued for a generation', () => {
    expect(tokens.issue(claim)).toBe(tokens.issue(claim));
    expect(tokens.verify(tokens.issue(claim))).toEqual(claim);
  });

  it('T-02 are refused with any character changed, removed or added', () => {
    const token = tokens.issue(claim);
    for (let at = 0; at < token.length; at += 1) {
      const [before, after] = [token.slice(0, at), token.slice(at + 1)];
      const changed = [...LETTERS].filter((letter) => letter !== token[at]).map((letter) => before + letter + after);
      for (const forged of [...changed, before + after, `${before}${token[at]}${token[at]}${after}`])
        expect(tokens.verify(forged)).toBeUndefined();
    }
  });

  it('T-02 are refused with another session or generation under the same MAC', () => {
    const token = tokens.issue(claim);
    expect(tokens.verify(token.replace('.12.', '.13.'))).toBeUndefined();
    expect(tokens.verify(token.replace('000001.', '000002.'))).toBeUndefined();
  });

  it.each(['', 'x'.repeat(10_000), 'v1.aaaaaaaa.confirm', '\u0000', 'r1....'])('T-02 do not include %j', (text) => {
    expect(tokens.verify(text)).toBeUndefined();
  });

  it('T-03 stay valid after a key change while the old key is configured', () => {
    const token = tokens.issue(claim);
    expect(createRefreshTokens(Buffer.alloc(32, 2), [old]).verify(token)).toEqual(claim);
    expect(createRefreshTokens(Buffer.alloc(32, 2)).verify(token)).toBeUndefined();
  });
});
