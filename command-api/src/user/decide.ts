import type { MailBlockKind } from '@ums/contracts/events/mailBounced';
import type { UserEvent } from '@ums/contracts/events/user';
import type { Locale } from '@ums/contracts/locale';
import { isErased } from '@ums/contracts/personal';
import type { Role } from '@ums/contracts/roles';
import { Refused } from '@ums/kit/refused';
import { decideEmailChange, type EmailChangeCommand } from './decideEmailChange.js';
import { decidePicture, type PictureCommand, submitted } from './decidePicture.js';
import { decideRoles, type ReplaceRoles } from './decideRoles.js';
import { mustBeActive, mustMatchStoredHash } from './requirements.js';
import { type RegisteredUser, resetEpochOf, type UserState } from './userState.js';

/** Commands on one user's stream. Hashes, names and addresses are validated and in their stored form. */
interface RegisterUser {
  type: 'RegisterUser';
  registrationId: string;
  email: string;
  name: string;
  passwordHash: string;
  locale: Locale;
  /** Of the picture that was sent with the registration, if one was. */
  pictureId: string | null;
}

export type UserCommand =
  | RegisterUser
  | { type: 'RenameUser'; name: string }
  | { type: 'ChangeLocale'; locale: Locale }
  | EmailChangeCommand
  | PictureCommand
  /** `email` is the address that the mail was sent to. */
  | { type: 'RecordBounce'; kind: MailBlockKind; email: string }
  | { type: 'EndMailBlock' }
  | { type: 'SuspendUser' }
  | { type: 'ReinstateUser' }
  | { type: 'GrantRole'; role: Role }
  | ReplaceRoles
  /** `verifiedHash`: the stored hash the current password was verified against. */
  | { type: 'ChangePassword'; verifiedHash: string; passwordHash: string }
  /** The link mailed to the current address was verified. `epoch`: what `resetEpochOf` gave when it was mailed. */
  | { type: 'ResetPassword'; epoch: bigint; passwordHash: string }
  | { type: 'UpgradePasswordHash'; verifiedHash: string; passwordHash: string }
  | { type: 'StartErasure'; verifiedHash: string }
  /** The administrator's own password was verified; the user's is not asked for. */
  | { type: 'StartErasureByAdministrator' }
  | { type: 'FinishErasure' };

/**
 * Applies the rules of a command to a user's state. Pure, so that it can run again after a conflict.
 *
 * @returns the events to append; none for a no-op.
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
    case 'ChangeLocale':
      mustBeActive(user);
      return user.locale === command.locale ? [] : [{ type: 'UserLocaleChanged', data: { locale: command.locale } }];
    case 'RequestEmailChange':
    case 'ConfirmEmailChange':
    case 'UndoEmailChange':
      return decideEmailChange(command, user);
    case 'SubmitPicture':
    case 'SettlePicture':
    case 'RemovePicture':
      return decidePicture(command, user);
    case 'RecordBounce':
      return [bounced(command, user)];
    case 'EndMailBlock':
      return endMailBlock(user);
    case 'SuspendUser':
      return user.status === 'suspended' ? [] : [{ type: 'UserSuspended', data: {} }];
    case 'ReinstateUser':
      return user.status === 'active' ? [] : [{ type: 'UserReinstated', data: {} }];
    case 'GrantRole':
      mustBeActive(user);
      return user.roles.includes(command.role) ? [] : [{ type: 'RoleGranted', data: { role: command.role } }];
    case 'ReplaceRoles':
      return decideRoles(command, user);
    case 'ChangePassword':
      mustBeActive(user);
      mustMatchStoredHash(command.verifiedHash, user);
      return [{ type: 'PasswordChanged', data: { passwordHash: command.passwordHash } }];
    case 'ResetPassword':
      if (resetEpochOf(user) !== command.epoch) throw new Refused('token-invalid');
      return [{ type: 'PasswordChanged', data: { passwordHash: command.passwordHash } }];
    case 'UpgradePasswordHash': {
      const unchanged = user.status === 'active' && user.passwordHash === command.verifiedHash;
      return unchanged ? [{ type: 'PasswordHashUpgraded', data: { passwordHash: command.passwordHash } }] : [];
    }
    case 'StartErasure':
      mustMatchStoredHash(command.verifiedHash, user);
      return [{ type: 'UserErasureStarted', data: {} }];
    case 'StartErasureByAdministrator':
      return [{ type: 'UserErasureStarted', data: {} }];
    case 'FinishErasure':
      throw new Refused('not-erased');
    default:
      return command satisfies never;
  }
};

const register = ({ type: _, pictureId, ...data }: RegisterUser, user: UserState): UserEvent[] => {
  if (user.status !== 'unknown') return [];
  const { registrationId } = data;
  return [
    { type: 'UserRegistered', data: { ...data, roles: ['user'] } },
    ...(pictureId === null ? [] : [submitted({ pictureId, registrationId })]),
  ];
};

const bounced = (
  { kind, email }: Extract<UserCommand, { type: 'RecordBounce' }>,
  user: Pick<RegisteredUser, 'email' | 'requestedEmail'>,
): UserEvent => {
  const address = email === user.email ? 'current' : email === user.requestedEmail?.email ? 'requested' : 'previous';
  return { type: 'MailBounced', data: { kind, address, email } };
};

/** Of the current address. A complaint tells what a person wants, which nobody else decides. */
const endMailBlock = ({ email, mailBlocks }: RegisteredUser): UserEvent[] => {
  const kind = isErased(email) ? undefined : mailBlocks.get(email);
  if (kind === 'complaint') throw new Refused('recipient-complained');
  return kind === undefined ? [] : [{ type: 'MailBlockEnded', data: {} }];
};

/** Erased users are not found. A repeated erasure, a late hash upgrade, the outcome of a picture and a bounce are no-ops. */
const decideErased = (command: Exclude<UserCommand, RegisterUser>, finished: boolean): UserEvent[] => {
  switch (command.type) {
    case 'FinishErasure':
      return finished ? [] : [{ type: 'UserErased', data: {} }];
    case 'StartErasure':
    case 'StartErasureByAdministrator':
    case 'UpgradePasswordHash':
    case 'SettlePicture':
    case 'RecordBounce':
      return [];
    case 'RenameUser':
    case 'ChangeLocale':
    case 'RequestEmailChange':
    case 'ConfirmEmailChange':
    case 'UndoEmailChange':
    case 'EndMailBlock':
    case 'SuspendUser':
    case 'ReinstateUser':
    case 'GrantRole':
    case 'ReplaceRoles':
    case 'ChangePassword':
    case 'ResetPassword':
    case 'SubmitPicture':
    case 'RemovePicture':
      throw new Refused('not-found');
    default:
      return command satisfies never;
  }
};
