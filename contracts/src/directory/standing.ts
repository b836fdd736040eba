import type { UserProfile } from '../reducers/userProfile.js';
import { ROLES, type Role } from '../roles.js';

type StandingOf = Pick<UserProfile, 'status' | 'roles'>;

const SUSPENDED = 1;
/** Stored in rows of the read model, so no bit ever changes its meaning. */
const BIT: Readonly<Record<Role, number>> = { user: 2, admin: 4, auditor: 8, service: 16 };

/** Status and roles of a user as one number: a bit for each. There are few of them, so an index can begin with it. */
export const standingOf = ({ status, roles }: StandingOf): number =>
  roles.reduce((bits, role) => bits | BIT[role], status === 'suspended' ? SUSPENDED : 0);

/** The status and roles that a number stands for. */
export const readStanding = (standing: number): StandingOf => ({
  status: (standing & SUSPENDED) === 0 ? 'active' : 'suspended',
  roles: ROLES.filter((role) => (standing & BIT[role]) !== 0),
});

/** Selects the numbers with `standing & mask = value`. */
export interface StandingFilter {
  mask: number;
  value: number;
}

/** Selects the users with this status, if one is given, who hold this role, if one is given. */
export const standingFilter = ({ status, role }: { status?: UserProfile['status']; role?: Role }): StandingFilter => {
  const ofRole = role === undefined ? 0 : BIT[role];
  if (status === undefined) return { mask: ofRole, value: ofRole };
  return { mask: ofRole | SUSPENDED, value: standingOf({ status, roles: role === undefined ? [] : [role] }) };
};
