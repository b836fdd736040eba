import type { Fact } from '../events/event.js';
import type { UserEvent } from '../events/user.js';
import { AUDIT_ROLES, type Role } from '../roles.js';

interface Standing {
  isActive: boolean;
  roles: readonly Role[];
}

const UNKNOWN: Standing = { isActive: false, roles: [] };

/**
 * When a user who could audit at a position of the log first could no more: suspended, erased, or without the roles for it.
 *
 * @param facts all of the user. Their personal fields are not read.
 * @param after position of the log.
 * @returns the time of the event; `undefined` if the user can audit ever since.
 */
export const auditLostAt = (facts: readonly Fact<UserEvent>[], after: bigint): string | undefined => {
  let standing = UNKNOWN;
  let last: string | undefined;
  for (const fact of facts) {
    standing = evolve(standing, fact);
    last = fact.metadata.at;
    if (fact.position > after && !mayAudit(standing)) return last;
  }
  // Lost before the position, or never held: the caller was checked a moment too early.
  return mayAudit(standing) ? undefined : (last ?? new Date(0).toISOString());
};

const mayAudit = ({ isActive, roles }: Standing): boolean =>
  isActive && AUDIT_ROLES.some((role) => roles.includes(role));

const evolve = (standing: Standing, fact: Fact<UserEvent>): Standing => {
  switch (fact.type) {
    case 'UserRegistered':
      return { isActive: true, roles: fact.data.roles };
    case 'RoleGranted':
      return { ...standing, roles: [...standing.roles, fact.data.role] };
    case 'RoleRevoked': {
      const { role } = fact.data;
      return { ...standing, roles: standing.roles.filter((held) => held !== role) };
    }
    case 'UserSuspended':
      return { ...standing, isActive: false };
    case 'UserReinstated':
      return { ...standing, isActive: true };
    case 'UserErasureStarted':
    case 'UserErased':
      return UNKNOWN;
    default:
      return standing;
  }
};
