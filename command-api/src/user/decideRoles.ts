import type { UserEvent } from '@ums/contracts/events/user';
import type { Role } from '@ums/contracts/roles';
import { Refused } from '@ums/kit/refused';
import { mustBeActive } from './requirements.js';
import type { RegisteredUser } from './userState.js';

export interface ReplaceRoles {
  type: 'ReplaceRoles';
  /** All that the user holds afterwards. */
  roles: readonly Role[];
  /** Whether the administrator's own password was verified. */
  reauthenticated: boolean;
}

/** A stolen session of an administrator must not be enough to give these to an accomplice. */
const NEEDING_PASSWORD: readonly Role[] = ['admin', 'auditor'];

/**
 * Revokes before it grants, so that the user holds at no revision more than one of the two sets allows.
 *
 * @throws Refused `account-suspended`, and `validation-failed` when the password is needed
 */
export const decideRoles = ({ roles, reauthenticated }: ReplaceRoles, user: RegisteredUser): UserEvent[] => {
  const granted = roles.filter((role) => !user.roles.includes(role));
  const revoked = user.roles.filter((role) => !roles.includes(role));
  if (granted.length > 0) mustBeActive(user);
  if (!reauthenticated && granted.some((role) => NEEDING_PASSWORD.includes(role))) {
    const message = `is required to grant one of the roles ${NEEDING_PASSWORD.join(', ')}`;
    throw new Refused('validation-failed', { errors: [{ field: 'password', message }] });
  }
  return [
    ...revoked.map((role): UserEvent => ({ type: 'RoleRevoked', data: { role } })),
    ...granted.map((role): UserEvent => ({ type: 'RoleGranted', data: { role } })),
  ];
};
