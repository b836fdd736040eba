import type { Fact } from '../events/event.js';
import type { UserEvent } from '../events/user.js';
import { isErased } from '../personal.js';
import type { Role } from '../roles.js';

/** Name of the projection of user profiles, and of its table in the schema `read`. A new row shape gets a new version. */
export const USER_PROFILE_PROJECTION = 'user_profile_v1';

/** What may be read about a user: a row of `user_profile_v1`, the body of `GET /user`, and the answer to "as of". */
export interface UserProfile {
  userId: string;
  email: string;
  name: string;
  status: 'active' | 'suspended';
  roles: Role[];
  /** ISO 8601, UTC. */
  registeredAt: string;
  revision: bigint;
}

/**
 * Reduces a user's facts to the profile, for every reader of profiles. Never throws: a fact that does not apply leaves the
 * row unchanged, and an erased one reduces to no row.
 *
 * @returns the next row; `undefined` when there is none (never registered, or erased).
 */
export const userProfile = (row: UserProfile | undefined, fact: Fact<UserEvent>): UserProfile | undefined => {
  if (fact.type === 'UserRegistered') return registered(fact);
  if (row === undefined || fact.type === 'UserErasureStarted' || fact.type === 'UserErased') return undefined;
  const next = { ...row, revision: fact.revision };
  switch (fact.type) {
    case 'UserRenamed':
      return isErased(fact.data.name) ? undefined : { ...next, name: fact.data.name };
    case 'EmailChanged':
    case 'EmailChangeUndone':
      return isErased(fact.data.email) ? undefined : { ...next, email: fact.data.email };
    case 'RoleGranted':
      return { ...next, roles: [...new Set([...row.roles, fact.data.role])] };
    case 'RoleRevoked': {
      const { role } = fact.data;
      return { ...next, roles: row.roles.filter((held) => held !== role) };
    }
    case 'UserSuspended':
      return { ...next, status: 'suspended' };
    case 'UserReinstated':
      return { ...next, status: 'active' };
    case 'EmailChangeRequested':
    case 'PasswordChanged':
    case 'PasswordHashUpgraded':
      return next;
    default:
      fact satisfies never;
      return next;
  }
};

const registered = ({ stream, data, metadata, revision }: Extract<Fact<UserEvent>, { type: 'UserRegistered' }>) => {
  if (isErased(data.email) || isErased(data.name)) return undefined;
  const userId = stream.slice('user-'.length);
  const { email, name, roles } = data;
  return { userId, email, name, status: 'active' as const, roles, registeredAt: metadata.at, revision };
};
