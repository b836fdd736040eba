import { describe, expect, it } from '@jest/globals';
import { revokedTokens } from './revokedTokens.js';

describe('revokedTokens', () => {
  const token = (sub: string, epoch = 0n, sid = `session of ${sub}`) => ({ sub, sid, epoch });
  const session = (userId: string) => ({ userId, sessionId: `session of ${userId}`, epoch: undefined });
  const userBefore = (userId: string, epoch: bigint) => ({ userId, sessionId: undefined, epoch });

  it('T-08 contains ended sessions, and users up to the highest revoked epoch', () => {
    const list = revokedTokens({ keepMs: 1_000, now: () => 0 });
    list.add(session('ada'));
    list.add(userBefore('bob', 5n));
    list.add(userBefore('bob', 3n));
    expect(list.has(token('ada'))).toBe(true);
    expect(list.has(token('ada', 9n, 'another'))).toBe(false);
    expect([4n, 5n].map((epoch) => list.has(token('bob', epoch)))).toEqual([true, false]);
    expect(list.has(token('eve'))).toBe(false);
  });

  it('drops entries once all tokens they concern have expired', () => {
    let now = 0;
    const list = revokedTokens({ keepMs: 1_000, now: () => now });
    list.add(session('old'));
    now = 999;
    list.add(session('newer'));
    expect(list.has(token('old'))).toBe(true);
    now = 1_000;
    list.add(session('newest'));
    expect([list.has(token('old')), list.has(token('newer'))]).toEqual([false, true]);
    expect(list.complete()).toBe(true);
  });

  it('is incomplete after it dropped entries over its limit, until these would have expired', () => {
    let now = 0;
    const list = revokedTokens({ keepMs: 1_000, maxEntries: 3, now: () => now });
    for (let user = 0; user < 5; user++) {
      now = user;
      list.add(userBefore(`user ${user}`, 1n));
    }
    expect(list.complete()).toBe(false);
    expect([0, 1, 2, 3, 4].map((user) => list.has(token(`user ${user}`)))).toEqual([false, false, true, true, true]);
    now = 1_000;
    expect(list.complete()).toBe(false);
    now = 1_001;
    expect(list.complete()).toBe(true);
  });
});
