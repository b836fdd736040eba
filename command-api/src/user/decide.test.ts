import { describe, expect, it } from '@jest/globals';
import type { UserEvent } from '@ums/contracts/events/user';
import type { Role } from '@ums/contracts/roles';
import { HASH, registeredEvent as registered, userFacts } from '../../test/userFacts.js';
import { decide, type UserCommand } from './decide.js';
import { userState } from './evolve.js';

const suspended: UserEvent = { type: 'UserSuspended', data: {} };
const reinstated: UserEvent = { type: 'UserReinstated', data: {} };
const erasing: UserEvent = { type: 'UserErasureStarted', data: {} };
const erased: UserEvent = { type: 'UserErased', data: {} };
const granted: UserEvent = { type: 'RoleGranted', data: { role: 'admin' } };
const OTHER = 'the hash of another password';

const given = (...events: UserEvent[]) => ({
  when: (command: UserCommand) => ({
    decides: (...expected: UserEvent[]) => expect(decide(command, userState(userFacts(...events)))).toEqual(expected),
    refuses: (slug: string) =>
      expect(() => decide(command, userState(userFacts(...events)))).toThrow(expect.objectContaining({ slug })),
  }),
});

const register: Extract<UserCommand, { type: 'RegisterUser' }> = {
  type: 'RegisterUser',
  ...{ registrationId: 'r', email: 'ada@example.org', name: 'Ada', passwordHash: HASH, locale: 'en', pictureId: null },
};
const rename: UserCommand = { type: 'RenameUser', name: 'Ada King' };
const speakGerman: UserCommand = { type: 'ChangeLocale', locale: 'de' };
const suspend: UserCommand = { type: 'SuspendUser' };
const reinstate: UserCommand = { type: 'ReinstateUser' };
const grant: UserCommand = { type: 'GrantRole', role: 'admin' };
const replace = (roles: Role[], reauthenticated = true): UserCommand => ({
  type: 'ReplaceRoles',
  roles,
  reauthenticated,
});
const change: UserCommand = { type: 'ChangePassword', verifiedHash: HASH, passwordHash: OTHER };
const reset = (epoch: bigint): UserCommand => ({ type: 'ResetPassword', epoch, passwordHash: OTHER });
const upgrade: UserCommand = { type: 'UpgradePasswordHash', verifiedHash: HASH, passwordHash: OTHER };
const upgradedTo = (passwordHash: string): UserEvent => ({ type: 'PasswordHashUpgraded', data: { passwordHash } });
const erase: UserCommand = { type: 'StartErasure', verifiedHash: HASH };
const eraseForUser: UserCommand = { type: 'StartErasureByAdministrator' };
const finish: UserCommand = { type: 'FinishErasure' };

const { type: _, pictureId: __, ...registration } = register;
const pictureId = '0199c0de-0000-4000-8000-0000000000aa';

describe('decide', () => {
  it('registers a user once, with the role `user` alone', () => {
    given()
      .when(register)
      .decides({ type: 'UserRegistered', data: { ...registration, roles: ['user'] } });
    given()
      .when({ ...register, pictureId })
      .decides(
        { type: 'UserRegistered', data: { ...registration, roles: ['user'] } },
        { type: 'ProfilePictureSubmitted', data: { pictureId, registrationId: 'r' } },
      );
    given(registered).when(register).decides();
    given(registered, erasing).when(register).decides();
  });

  it('renames a user unless the name is the same', () => {
    given(registered)
      .when(rename)
      .decides({ type: 'UserRenamed', data: { name: 'Ada King' } });
    given(registered, { type: 'UserRenamed', data: { name: 'Ada King' } })
      .when(rename)
      .decides();
  });

  it('changes the language unless it is the same', () => {
    const changed: UserEvent = { type: 'UserLocaleChanged', data: { locale: 'de' } };
    given(registered).when(speakGerman).decides(changed);
    given(registered, changed).when(speakGerman).decides();
    given(registered).when({ type: 'ChangeLocale', locale: 'en' }).decides();
    given(registered, suspended).when(speakGerman).refuses('account-suspended');
  });

  it('suspends and reinstates a user; a repeat is a no-op', () => {
    given(registered).when(suspend).decides(suspended);
    given(registered, suspended).when(suspend).decides();
    given(registered, suspended).when(reinstate).decides(reinstated);
    given(registered, suspended, reinstated).when(reinstate).decides();
  });

  it('refuses to rename, to change the password of or to grant a role to a suspended user', () => {
    given(registered, suspended).when(rename).refuses('account-suspended');
    given(registered, suspended).when(change).refuses('account-suspended');
    given(registered, suspended).when(grant).refuses('account-suspended');
  });

  it('E-04 sets a password by a link of the current epoch only: the last cut, or the last change of the address', () => {
    const set: UserEvent = { type: 'PasswordChanged', data: { passwordHash: OTHER } };
    const [changeId, email] = ['c', 'king@example.org'];
    const requested: UserEvent = {
      type: 'EmailChangeRequested',
      data: { changeId, email, currentEmail: 'ada@example.org' },
    };
    const moved: UserEvent = { type: 'EmailChanged', data: { changeId, email, previousEmail: 'ada@example.org' } };
    given(registered).when(reset(0n)).decides(set);
    given(registered, requested).when(reset(0n)).decides(set);
    for (const cut of [set, suspended, granted]) given(registered, cut).when(reset(0n)).refuses('token-invalid');
    given(registered, requested, moved).when(reset(0n)).refuses('token-invalid');
    given(registered, requested, moved).when(reset(2n)).decides(set);
    given(registered, requested, moved, granted).when(reset(3n)).decides(set);
    given(registered, suspended).when(reset(1n)).refuses('token-invalid');
    given(registered, suspended, reinstated).when(reset(1n)).decides(set);
  });

  it('grants a missing role once', () => {
    given(registered).when(grant).decides(granted);
    given(registered, granted).when(grant).decides();
  });

  it('replaces roles: revokes those that are missing from the new ones, then grants those that are new', () => {
    const revoked = (role: Role): UserEvent => ({ type: 'RoleRevoked', data: { role } });
    const grantedRole = (role: Role): UserEvent => ({ type: 'RoleGranted', data: { role } });
    given(registered, granted)
      .when(replace(['auditor', 'service']))
      .decides(revoked('user'), revoked('admin'), grantedRole('auditor'), grantedRole('service'));
    given(registered, granted).when(replace([])).decides(revoked('user'), revoked('admin'));
    given(registered, granted)
      .when(replace(['admin', 'user']))
      .decides();
  });

  it('revokes roles of a suspended user, and grants them none', () => {
    given(registered, granted, suspended)
      .when(replace(['user']))
      .decides({ type: 'RoleRevoked', data: { role: 'admin' } });
    given(registered, suspended)
      .when(replace(['user', 'service']))
      .refuses('account-suspended');
  });

  it('needs the password of the administrator to grant admin or auditor, and for no other change of roles', () => {
    for (const role of ['admin', 'auditor'] as const) {
      given(registered)
        .when(replace(['user', role], false))
        .refuses('validation-failed');
      given(registered)
        .when(replace(['user', role]))
        .decides({ type: 'RoleGranted', data: { role } });
    }
    given(registered, granted)
      .when(replace(['admin', 'service'], false))
      .decides({ type: 'RoleRevoked', data: { role: 'user' } }, { type: 'RoleGranted', data: { role: 'service' } });
  });

  it('changes a password only if the verified one is still in force', () => {
    given(registered)
      .when(change)
      .decides({ type: 'PasswordChanged', data: { passwordHash: OTHER } });
    given(registered, { type: 'PasswordChanged', data: { passwordHash: 'third' } })
      .when(change)
      .refuses('password-invalid');
    given(registered, upgradedTo('third'), { type: 'PasswordChanged', data: { passwordHash: 'fourth' } })
      .when(change)
      .refuses('password-invalid');
  });

  it('A-05 takes a password for verified when a log-in upgrades its hash meanwhile', () => {
    for (const upgrades of [[upgradedTo('third')], [upgradedTo('third'), upgradedTo('fourth')]])
      given(registered, ...upgrades)
        .when(change)
        .decides({ type: 'PasswordChanged', data: { passwordHash: OTHER } });
    given(registered, upgradedTo('third')).when(erase).decides(erasing);
    given(registered, ...Array.from('123456789', upgradedTo))
      .when(erase)
      .refuses('password-invalid');
  });

  it('A-05 upgrades the password hash, unless the hash or the status changed first', () => {
    given(registered)
      .when(upgrade)
      .decides({ type: 'PasswordHashUpgraded', data: { passwordHash: OTHER } });
    given(registered, { type: 'PasswordChanged', data: { passwordHash: 'third' } })
      .when(upgrade)
      .decides();
    given(registered, suspended).when(upgrade).decides();
    given(registered, erasing).when(upgrade).decides();
  });

  it('T-11 erases a user whose password was verified against the stored hash, also while suspended', () => {
    given(registered).when(erase).decides(erasing);
    given(registered, suspended).when(erase).decides(erasing);
    given(registered, { type: 'PasswordChanged', data: { passwordHash: 'third' } })
      .when(erase)
      .refuses('password-invalid');
    given(registered, erasing).when(erase).decides();
  });

  it('erases a user for an administrator, also while suspended; a repeat is a no-op', () => {
    given(registered).when(eraseForUser).decides(erasing);
    given(registered, suspended).when(eraseForUser).decides(erasing);
    given(registered, erasing).when(eraseForUser).decides();
    given(registered, erasing, erased).when(eraseForUser).decides();
  });

  it('Z-06 answers not-found for an erased user, and finishes the erasure once', () => {
    for (const command of [rename, speakGerman, suspend, reinstate, grant, replace(['user']), change, reset(0n)])
      given(registered, erasing).when(command).refuses('not-found');
    given(registered, erasing).when(finish).decides(erased);
    given(registered, erasing, erased).when(finish).decides();
    given(registered).when(finish).refuses('not-erased');
  });

  it('answers not-found for an unknown user', () => {
    for (const command of [
      rename,
      speakGerman,
      suspend,
      reinstate,
      grant,
      replace(['user']),
      change,
      reset(0n),
      upgrade,
      erase,
      eraseForUser,
      finish,
    ])
      given().when(command).refuses('not-found');
  });
});
