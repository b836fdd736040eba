import { describe, expect, it } from '@jest/globals';
import type { UserEvent } from '@ums/contracts/events/user';
import fc from 'fast-check';
import { HASH, registeredEvent as registered, userFacts } from '../../test/userFacts.js';
import { evolve, userState } from './evolve.js';
import { unknownUser } from './userState.js';

const standings: [UserEvent, { epoch: bigint; sessionsFrom: bigint }][] = [
  [
    { type: 'UserRenamed', data: { name: 'Ada King' } },
    { epoch: 0n, sessionsFrom: 0n },
  ],
  [
    { type: 'PasswordHashUpgraded', data: { passwordHash: 'other' } },
    { epoch: 0n, sessionsFrom: 0n },
  ],
  [
    { type: 'UserReinstated', data: {} },
    { epoch: 0n, sessionsFrom: 0n },
  ],
  [
    { type: 'RoleGranted', data: { role: 'admin' } },
    { epoch: 1n, sessionsFrom: 0n },
  ],
  [
    { type: 'RoleRevoked', data: { role: 'admin' } },
    { epoch: 1n, sessionsFrom: 0n },
  ],
  [
    { type: 'PasswordChanged', data: { passwordHash: 'other' } },
    { epoch: 1n, sessionsFrom: 1n },
  ],
  [
    { type: 'UserSuspended', data: {} },
    { epoch: 1n, sessionsFrom: 1n },
  ],
  [
    { type: 'UserErasureStarted', data: {} },
    { epoch: 1n, sessionsFrom: 1n },
  ],
];

describe('evolve', () => {
  it.each(standings)('T-08 derives epoch and sessionsFrom after %j', (event, expected) => {
    expect(userState(userFacts(registered, event))).toMatchObject(expected);
  });

  it('folds names, hashes and roles', () => {
    const state = userState(
      userFacts(
        registered,
        { type: 'UserRenamed', data: { name: 'Ada King' } },
        { type: 'RoleGranted', data: { role: 'admin' } },
        { type: 'RoleGranted', data: { role: 'admin' } },
        { type: 'RoleGranted', data: { role: 'auditor' } },
        { type: 'RoleRevoked', data: { role: 'auditor' } },
        { type: 'PasswordHashUpgraded', data: { passwordHash: 'upgraded' } },
      ),
    );
    expect(state).toMatchObject({ name: 'Ada King', roles: ['user', 'admin'], passwordHash: 'upgraded', epoch: 5n });
  });

  it('G-02 keeps no personal data of an erased user', () => {
    const state = userState(userFacts(registered, { type: 'UserErasureStarted', data: {} }));
    expect(state).toEqual({ status: 'erased', finished: false, roles: [], epoch: 1n, sessionsFrom: 1n });
  });

  it('returns a state for any facts in any order, and never throws', () => {
    const events: UserEvent[] = [registered, ...standings.map(([event]) => event), { type: 'UserErased', data: {} }];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...events)), (history) => {
        const state = userFacts(...history).reduce(evolve, unknownUser);
        const known = history.includes(registered);
        expect(state.status === 'unknown').toBe(!known);
        if (state.status === 'active') expect([HASH, 'other']).toContain(state.passwordHash);
      }),
    );
  });
});
