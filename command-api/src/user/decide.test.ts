import { describe, expect, it } from '@jest/globals';
import type { UserEvent } from '@ums/contracts/events/user';
import { HASH, registeredEvent as registered, userFacts } from '../../test/userFacts.js';
import { decide } from './decide.js';
import { userState } from './evolve.js';
import type { UserCommand } from './userCommand.js';

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

const register: UserCommand = {
  type: 'RegisterUser',
  ...{ registrationId: 'r', email: 'ada@example.org', name: 'Ada', passwordHash: HASH },
};
const rename: UserCommand = { type: 'RenameUser', name: 'Ada King' };
const suspend: UserCommand = { type: 'SuspendUser' };
const reinstate: UserCommand = { type: 'ReinstateUser' };
const grant: UserCommand = { type: 'GrantRole', role: 'admin' };
const revoke: UserCommand = { type: 'RevokeRole', role: 'admin' };
const change: UserCommand = { type: 'ChangePassword', verifiedHash: HASH, passwordHash: OTHER };
const upgrade: UserCommand = { type: 'UpgradePasswordHash', verifiedHash: HASH, passwordHash: OTHER };
const erase: UserCommand = { type: 'StartErasure', verifiedHash: HASH };
const finish: UserCommand = { type: 'FinishErasure' };

const { type: _, ...registration } = register;

describe('a user', () => {
  it('is registered once, with the role of a user and no other', () => {
    given()
      .when(register)
      .decides({ type: 'UserRegistered', data: { ...registration, roles: ['user'] } });
    given(registered).when(register).decides();
    given(registered, erasing).when(register).decides();
  });

  it('is renamed, unless the name is the same', () => {
    given(registered)
      .when(rename)
      .decides({ type: 'UserRenamed', data: { name: 'Ada King' } });
    given(registered, { type: 'UserRenamed', data: { name: 'Ada King' } })
      .when(rename)
      .decides();
  });

  it('is suspended and reinstated, each once', () => {
    given(registered).when(suspend).decides(suspended);
    given(registered, suspended).when(suspend).decides();
    given(registered, suspended).when(reinstate).decides(reinstated);
    given(registered, suspended, reinstated).when(reinstate).decides();
  });

  it('changes nothing of himself while suspended', () => {
    given(registered, suspended).when(rename).refuses('account-suspended');
    given(registered, suspended).when(change).refuses('account-suspended');
    given(registered, suspended).when(grant).refuses('account-suspended');
  });

  it('is granted a role he has not, and loses one he has, suspended or not', () => {
    given(registered).when(grant).decides(granted);
    given(registered, granted).when(grant).decides();
    given(registered).when(revoke).decides();
    const revoked: UserEvent = { type: 'RoleRevoked', data: { role: 'admin' } };
    given(registered, granted).when(revoke).decides(revoked);
    given(registered, granted, suspended).when(revoke).decides(revoked);
  });

  it('changes a password only on a verdict about the hash that is stored now', () => {
    given(registered)
      .when(change)
      .decides({ type: 'PasswordChanged', data: { passwordHash: OTHER } });
    given(registered, { type: 'PasswordChanged', data: { passwordHash: 'third' } })
      .when(change)
      .refuses('password-invalid');
    given(registered, { type: 'PasswordHashUpgraded', data: { passwordHash: 'third' } })
      .when(change)
      .refuses('password-invalid');
  });

  it('A-05 has the hash upgraded, or the upgrade dropped when anything else came first', () => {
    given(registered)
      .when(upgrade)
      .decides({ type: 'PasswordHashUpgraded', data: { passwordHash: OTHER } });
    given(registered, { type: 'PasswordChanged', data: { passwordHash: 'third' } })
      .when(upgrade)
      .decides();
    given(registered, suspended).when(upgrade).decides();
    given(registered, erasing).when(upgrade).decides();
  });

  it('T-11 is erased on a verdict about the stored hash, suspended or not', () => {
    given(registered).when(erase).decides(erasing);
    given(registered, suspended).when(erase).decides(erasing);
    given(registered, { type: 'PasswordChanged', data: { passwordHash: 'third' } })
      .when(erase)
      .refuses('password-invalid');
    given(registered, erasing).when(erase).decides();
  });

  it('Z-06 is nobody any more once erased, and stays erased', () => {
    for (const command of [rename, suspend, reinstate, grant, revoke, change])
      given(registered, erasing).when(command).refuses('not-found');
    given(registered, erasing).when(finish).decides(erased);
    given(registered, erasing, erased).when(finish).decides();
    given(registered).when(finish).refuses('not-erased');
  });

  it('has to exist', () => {
    for (const command of [rename, suspend, reinstate, grant, revoke, change, upgrade, erase, finish])
      given().when(command).refuses('not-found');
  });
});
