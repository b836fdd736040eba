import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { RecordedEvent } from '../events/event.js';
import { USER_EVENTS, type UserEvent } from '../events/user.js';
import { type PublicContent, publicContent } from '../messages/publicContent.js';
import { type PublicState, publicState } from './publicState.js';
import { type UserProfile, userProfile } from './userProfile.js';

const userId = '0199c0de-0000-4000-8000-000000000001';
const at = '2026-01-01T12:00:00.000Z';
const metadata = { $correlationId: 'c', $causationId: 'c', actor: { kind: 'user' as const, id: userId }, at };

const contentOf = (body: object, revision = 0n) => ({ userId, revision, at, ...body }) as PublicContent;
const fold = (...bodies: object[]) =>
  bodies.reduce<PublicState | undefined>((state, body, n) => publicState(state, contentOf(body, BigInt(n))), undefined);

const registered = { type: 'users.registered.v1', data: { roles: ['user'] } };
const state: PublicState = { userId, status: 'active', roles: ['user'], registeredAt: at };
const bare = (type: string) => ({ type, data: {} });
const role = (change: string, name: string) => ({ type: `users.role-${change}.v1`, data: { role: name } });

describe('publicState', () => {
  it.each<[string, object[], PublicState | undefined]>([
    ['starts with the registration', [registered], state],
    ['needs a registration', [role('granted', 'admin')], undefined],
    [
      'adds a role once',
      [registered, role('granted', 'admin'), role('granted', 'admin')],
      { ...state, roles: ['user', 'admin'] },
    ],
    ['removes a role', [registered, role('revoked', 'user')], { ...state, roles: [] }],
    ['holds a suspension', [registered, bare('users.suspended.v1')], { ...state, status: 'suspended' }],
    ['ends a suspension', [registered, bare('users.suspended.v1'), bare('users.reinstated.v1')], state],
    ['is not changed by a rename', [registered, { type: 'users.changed.v1', data: { fields: ['name'] } }], state],
    ['is not changed by other events', [registered, bare('users.other.v1')], state],
    ['G-02 ends with an erasure', [registered, bare('users.erased.v1')], undefined],
    [
      'G-02 stays ended',
      [registered, bare('users.erased.v1'), bare('users.other.v1'), role('granted', 'admin')],
      undefined,
    ],
  ])('%s', (_, bodies, expected) => {
    expect(fold(...bodies)).toEqual(expected);
  });

  it('has no registration time if the event has none', () => {
    const { registeredAt: _none, ...without } = state;
    expect(publicState(undefined, { ...contentOf(registered), at: undefined })).toEqual(without);
  });

  it('has the status, roles and registration time of the profile after every history', () => {
    const text = { registrationId: userId, email: 'ada@example.org', name: 'Ada', passwordHash: 'h' };
    const data: Partial<Record<UserEvent['type'], object>> = {
      UserRegistered: { ...text, roles: ['user'], locale: 'en' },
      RoleGranted: { role: 'admin' },
      RoleRevoked: { role: 'admin' },
    };
    // The reconciler appends UserErased after UserErasureStarted only.
    const types = (Object.keys(USER_EVENTS) as UserEvent['type'][]).filter((type) => type !== 'UserErased');
    const event = fc.constantFrom(
      ...types.map((type) => (type === 'UserErasureStarted' ? [type, 'UserErased' as const] : [type])),
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 8 }), (histories) => {
        let [profile, state]: [UserProfile | undefined, PublicState | undefined] = [undefined, undefined];
        for (const [n, type] of ['UserRegistered' as const, ...histories.flat()].entries()) {
          const place = { id: userId, stream: `user-${userId}`, revision: BigInt(n), position: BigInt(n) };
          const recorded: RecordedEvent = { ...place, type, data: data[type] ?? text, metadata };
          profile = userProfile(profile, recorded as never);
          state = publicState(state && Object.freeze(state), publicContent(userId, recorded));
          const { email, name, locale, picture, revision, ...visible } = profile ?? ({} as UserProfile);
          expect(state).toEqual(profile && visible);
        }
      }),
    );
  });
});
