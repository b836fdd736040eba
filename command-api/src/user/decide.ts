import type { UserEvent } from '@ums/contracts/events/user';
import { Refused } from '@ums/kit/refused';
import type { UserCommand } from './userCommand.js';
import type { LivingUser, UserState } from './userState.js';

/**
 * What a command means for a user: pure, so that it can be asked again after every conflict.
 *
 * @returns the events to append; none when there is nothing to do.
 * @throws Refused with the slug of the broken rule.
 */
export const decide = (command: UserCommand, user: UserState): UserEvent[] => {
  if (command.type === 'RegisterUser') return register(command, user);
  if (user.status === 'unknown') throw new Refused('not-found');
  if (user.status === 'erased') return decideErased(command, user.finished);
  switch (command.type) {
    case 'RenameUser':
      mustBeActive(user);
      return user.name === command.name ? [] : [{ type: 'UserRenamed', data: { name: command.name } }];
    case 'SuspendUser':
      return user.status === 'suspended' ? [] : [{ type: 'UserSuspended', data: {} }];
    case 'ReinstateUser':
      return user.status === 'active' ? [] : [{ type: 'UserReinstated', data: {} }];
    case 'GrantRole':
      mustBeActive(user);
      return user.roles.includes(command.role) ? [] : [{ type: 'RoleGranted', data: { role: command.role } }];
    case 'RevokeRole':
      return user.roles.includes(command.role) ? [{ type: 'RoleRevoked', data: { role: command.role } }] : [];
    case 'ChangePassword':
      mustBeActive(user);
      mustStillBe(command.verifiedHash, user);
      return [{ type: 'PasswordChanged', data: { passwordHash: command.passwordHash } }];
    case 'UpgradePasswordHash': {
      const stands = user.status === 'active' && user.passwordHash === command.verifiedHash;
      return stands ? [{ type: 'PasswordHashUpgraded', data: { passwordHash: command.passwordHash } }] : [];
    }
    case 'StartErasure':
      mustStillBe(command.verifiedHash, user);
      return [{ type: 'UserErasureStarted', data: {} }];
    case 'FinishErasure':
      throw new Refused('not-erased');
  }
};

const register = (command: Extract<UserCommand, { type: 'RegisterUser' }>, user: UserState): UserEvent[] => {
  if (user.status !== 'unknown') return [];
  const { type: _, ...data } = command;
  return [{ type: 'UserRegistered', data: { ...data, roles: ['user'] } }];
};

/** An erased user has no say and no substance left: to others there is nobody. */
const decideErased = (command: UserCommand, finished: boolean): UserEvent[] => {
  if (command.type === 'FinishErasure') return finished ? [] : [{ type: 'UserErased', data: {} }];
  if (command.type === 'StartErasure' || command.type === 'UpgradePasswordHash') return [];
  throw new Refused('not-found');
};

const mustBeActive = (user: LivingUser): void => {
  if (user.status === 'suspended') throw new Refused('account-suspended');
};

/** A verified password is a verdict on one stored hash; about any other it says nothing. */
const mustStillBe = (verifiedHash: string, user: LivingUser): void => {
  if (user.passwordHash !== verifiedHash) throw new Refused('password-invalid');
};
