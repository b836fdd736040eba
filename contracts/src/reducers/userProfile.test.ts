import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Fact } from '../events/event.js';
import type { MailBlockKind } from '../events/mailBounced.js';
import type { UserEvent } from '../events/user.js';
import { userBody } from '../http/userBody.js';
import { ERASED } from '../personal.js';
import type { Role } from '../roles.js';
import { type ProfilePicture, type UserProfile, userProfile } from './userProfile.js';

const userId = '0199c0de-0000-4000-8000-000000000001';
const metadata = {
  $correlationId: 'c',
  $causationId: 'c',
  actor: { kind: 'user' as const, id: userId },
  at: '2026-01-01T12:00:00.000Z',
};

/** A history of one user: revisions count up from 0. */
const facts = (...events: UserEvent[]): Fact<UserEvent>[] =>
  events.map((event, revision) => ({
    ...event,
    id: `e${revision}`,
    stream: `user-${userId}`,
    revision: BigInt(revision),
    position: BigInt(revision * 100),
    metadata,
  })) as Fact<UserEvent>[];

const fold = (...events: UserEvent[]): UserProfile | undefined =>
  facts(...events).reduce<UserProfile | undefined>(userProfile, undefined);

const registered: UserEvent = {
  type: 'UserRegistered',
  data: {
    registrationId: 'r',
    email: 'ada@example.org',
    name: 'Ada',
    passwordHash: 'h',
    roles: ['user'],
    locale: 'en',
  },
};
const ada: UserProfile = {
  userId,
  email: 'ada@example.org',
  name: 'Ada',
  status: 'active',
  roles: ['user'],
  locale: 'en',
  registeredAt: metadata.at,
  picture: undefined,
  mailBlock: undefined,
  revision: 0n,
};
const suspended: UserEvent = { type: 'UserSuspended', data: {} };
const granted = (role: Role): UserEvent => ({ type: 'RoleGranted', data: { role } });
const revoked = (role: Role): UserEvent => ({ type: 'RoleRevoked', data: { role } });
const renamed: UserEvent = { type: 'UserRenamed', data: { name: 'Ada King' } };

const [changeId, email, king] = ['c1', 'ada@example.org', 'king@example.org'];
const requested: UserEvent = { type: 'EmailChangeRequested', data: { changeId, email: king, currentEmail: email } };
const changed: UserEvent = { type: 'EmailChanged', data: { changeId, email: king, previousEmail: email } };
const bounced = (kind: MailBlockKind, address: 'current' | 'requested' | 'previous' = 'current'): UserEvent => ({
  type: 'MailBounced',
  data: { kind, address, email },
});
const undone: UserEvent = { type: 'EmailChangeUndone', data: { changeId, email } };

describe('userProfile', () => {
  it('starts with the registration', () => {
    expect(fold(registered)).toEqual(ada);
    expect(fold(renamed)).toBeUndefined();
  });

  it.each<[string, UserEvent[], Partial<UserProfile>]>([
    ['takes a new name', [renamed], { name: 'Ada King' }],
    ['takes a new language', [{ type: 'UserLocaleChanged', data: { locale: 'de' } }], { locale: 'de' }],
    ['keeps the address while a new one is not confirmed', [requested], {}],
    ['takes a new address once it is confirmed', [requested, changed], { email: 'king@example.org' }],
    ['takes the previous address back', [requested, changed, undone], { email: 'ada@example.org' }],
    ['sets the status when a user is suspended', [suspended], { status: 'suspended' }],
    [
      'sets it back when the user is reinstated',
      [suspended, { type: 'UserReinstated', data: {} }],
      { status: 'active' },
    ],
    ['adds a role once', [granted('admin'), granted('admin')], { roles: ['user', 'admin'] }],
    ['removes a role', [granted('admin'), revoked('admin'), revoked('auditor')], { roles: ['user'] }],
    [
      'F-26 keeps since when the address gets no mail, and that its recipient complained',
      [bounced('bounce'), bounced('complaint'), bounced('bounce')],
      { mailBlock: { kind: 'complaint', since: metadata.at } },
    ],
    [
      'F-26 begins anew with another address',
      [bounced('bounce'), requested, changed],
      { email: 'king@example.org', mailBlock: undefined },
    ],
    ['F-26 ends with the block', [bounced('bounce'), { type: 'MailBlockEnded', data: {} }], { mailBlock: undefined }],
    ['F-26 ignores mails to other addresses', [bounced('bounce', 'requested'), bounced('bounce', 'previous')], {}],
    [
      'only advances the revision when the password or its hash changes',
      [
        { type: 'PasswordChanged', data: { passwordHash: 'h2' } },
        { type: 'PasswordHashUpgraded', data: { passwordHash: 'h3' } },
      ],
      {},
    ],
  ])('%s', (_, events, change) => {
    expect(fold(registered, ...events)).toEqual({ ...ada, ...change, revision: BigInt(events.length) });
  });

  it('G-02 reduces an erased user to no row, from the start and the end of the erasure', () => {
    expect(fold(registered, { type: 'UserErasureStarted', data: {} })).toBeUndefined();
    expect(fold(registered, { type: 'UserErased', data: {} })).toBeUndefined();
    expect(
      fold(registered, { type: 'UserErasureStarted', data: {} }, renamed, { type: 'UserErased', data: {} }),
    ).toBeUndefined();
  });

  it('G-02 reduces a history with erased fields to no row', () => {
    const erased = { ...registered.data, email: ERASED, name: ERASED, passwordHash: ERASED };
    expect(fold({ type: 'UserRegistered', data: erased }, suspended)).toBeUndefined();
    expect(fold({ type: 'UserRegistered', data: { ...registered.data, name: ERASED } })).toBeUndefined();
    expect(fold(registered, { type: 'UserRenamed', data: { name: ERASED } })).toBeUndefined();
    expect(fold(registered, { type: 'EmailChangeUndone', data: { changeId, email: ERASED } })).toBeUndefined();
  });

  it('is total, does not mutate its arguments, and takes the revision of the last fact', () => {
    const any = fc.constantFrom(registered, renamed, changed, suspended, granted('admin'), revoked('user'), {
      type: 'UserErased',
      data: {},
    } as const satisfies UserEvent);
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), (events) => {
        let row: UserProfile | undefined;
        for (const fact of facts(...events)) {
          const before =
            row === undefined ? undefined : Object.freeze({ ...row, roles: Object.freeze([...row.roles]) as Role[] });
          row = userProfile(before, fact);
          if (row !== undefined) expect(row.revision).toBe(fact.revision);
        }
      }),
    );
  });
});

describe('userBody', () => {
  it('Z-02 contains the listed fields and no others', () => {
    const row = { ...ada, revision: 7n, passwordHash: 'canary' } as UserProfile;
    const { userId: id, ...shown } = ada;
    expect(userBody(row, {})).toEqual({ id, ...shown, revision: 7, picture: null, mailBlock: null });
  });

  it('F-26 says why the address gets no mail', () => {
    const mailBlock = { kind: 'bounce', since: metadata.at } as const;
    expect(userBody({ ...ada, mailBlock }, {}).mailBlock).toEqual(mailBlock);
  });

  it('describes the picture by its outcome and its links, without the ids of uploads', () => {
    const urls = { '64': 'https://files.example.org/64.webp' };
    const bodyWith = (picture: ProfilePicture) => userBody({ ...ada, revision: 7n, picture }, urls).picture;
    const submitted = { pictureId: 'b', status: 'processing', reason: undefined, readyId: 'a' } as const;
    expect(bodyWith(submitted)).toStrictEqual({ status: 'processing', urls });
    const rejected = { ...submitted, status: 'rejected', reason: 'damaged' } as const;
    expect(bodyWith(rejected)).toStrictEqual({ status: 'rejected', reason: 'damaged', urls });
  });
});
