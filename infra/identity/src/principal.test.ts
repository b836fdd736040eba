import { describe, expect, it } from '@jest/globals';
import { Refused } from '@ums/kit/refused';
import type { Request } from 'express';
import { type Principal, principalOf } from './principal.js';

describe('principalOf', () => {
  it('Z-02 returns the principal that authentication stored, whatever else names a user', () => {
    const user: Principal = { userId: 'u1', sessionId: 's1', roles: ['user'], epoch: 0n };
    const rest = { body: { userId: 'u2' }, query: { userId: 'u3' }, params: { id: 'u4' } };
    expect(principalOf({ user, ...rest } as unknown as Request)).toBe(user);
  });

  it('refuses a request without authentication', () => {
    expect(() => principalOf({} as Request)).toThrow(new Refused('unauthenticated'));
  });
});
