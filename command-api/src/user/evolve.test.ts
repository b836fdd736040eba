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
    {
      type: 'EmailChangeRequested',
      data: { changeId: 'c1', email: 'king@example.org', currentEmail: 'ada@example.org' },
    },
    { epoch: 0n, sessionsFrom: 0n },
  ],
  [
    { type: 'EmailChanged', data: { changeId: 'c1', email: 'king@example.org', previousEmail: 'ada@example.org' } },
    { epoch: 0n, sessionsFrom: 0n },
  ],
  [
    { type: 'EmailChangeUndone', data: { changeId: 'c1', email: 'ada@example.org' } },
    { epoch: 1n, sessionsFrom: 1n },
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

const isEmailChange = ({ type }: UserEvent): boolean => type.startsWith('EmailChange');

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

  it('E-05 derives the address, the change that can be confirmed and those that can be undone', () => {
    const [requested, changed, undone] = standings.slice(1).flatMap(([event]) => (isEmailChange(event) ? [event] : []));
    const after = (...events: (UserEvent | undefined)[]) =>
      userState(userFacts(registered, ...events.flatMap((event) => event ?? [])));
    const c1 = { changeId: 'c1', email: 'king@example.org' };
    expect(after(requested)).toMatchObject({ email: 'ada@example.org', requestedEmail: c1, addressFrom: 0n });
    expect(after(requested, { type: 'PasswordChanged', data: { passwordHash: 'other' } })).toMatchObject({
      requestedEmail: undefined,
    });
    const heldUntil = new Date('2026-01-08T12:00:00.000Z');
    expect(after(requested, changed)).toMatchObject({
      ...{ email: 'king@example.org', requestedEmail: undefined, addressFrom: 2n },
      requestedChanges: [{ changeId: 'c1', previousEmail: 'ada@example.org', heldUntil }],
    });
    expect(after(requested, changed, undone)).toMatchObject({
      ...{ email: 'ada@example.org', requestedChanges: [], undoneChanges: ['c1'], addressFrom: 3n },
    });
  });

  it('F-26 derives which addresses get no mail, also those that are not the current one', () => {
    const [email, other] = ['ada@example.org', 'old@example.org'];
    const bounced = (kind: 'bounce' | 'complaint', address: string): UserEvent => ({
      type: 'MailBounced',
      data: { kind, address: address === email ? 'current' : 'previous', email: address },
    });
    const after = (...events: UserEvent[]) => userState(userFacts(registered, ...events));
    const both = [bounced('bounce', email), bounced('complaint', other), bounced('bounce', other)];
    expect(after(...both)).toMatchObject({
      mailBlocks: new Map([
        [email, 'bounce'],
        [other, 'complaint'],
      ]),
      mailBlocksFrom: 3n,
    });
    expect(after(...both, { type: 'MailBlockEnded', data: {} })).toMatchObject({
      mailBlocks: new Map([[other, 'complaint']]),
      mailBlocksFrom: 4n,
    });
    const changed = { changeId: 'c1', email: other, previousEmail: email };
    expect(after(...both, { type: 'EmailChanged', data: changed })).toMatchObject({
      mailBlocks: new Map([[email, 'bounce']]),
      mailBlocksFrom: 3n,
    });
  });

  it('G-02 keeps no personal data of an erased user', () => {
    const state = userState(userFacts(registered, { type: 'UserErasureStarted', data: {} }));
    const revocation = { epoch: 1n, sessionsFrom: 1n, addressFrom: 1n, mailBlocksFrom: 1n };
    expect(state).toEqual({ status: 'erased', finished: false, roles: [], ...revocation });
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
