import { describe, expect, it } from '@jest/globals';
import { bearerToken } from './bearerToken.js';

describe('bearerToken', () => {
  it.each(['Bearer a.b', 'bearer a.b', 'BEARER  a.b', 'Bearer      a.b'])('reads the token of %j', (header) => {
    expect(bearerToken(header)).toBe('a.b');
  });

  it.each([undefined, '', 'Bearer', 'Bearer ', 'Bearera.b', 'Bearer\ta.b', 'Basic a.b', 'a.b', ' Bearer a.b'])(
    'finds no token in %j',
    (header) => {
      expect(bearerToken(header)).toBeUndefined();
    },
  );
});
