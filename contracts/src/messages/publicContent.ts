import type { RecordedEvent } from '../events/event.js';
import type { UserEvent } from '../events/user.js';
import { isRole, type Role } from '../roles.js';
import { decodeWithoutKeys } from '../stored.js';

/** What every consumer may know of a user's event: types, statuses, roles, names of changed fields, times. No personal data. */
export type PublicContent = { userId: string; revision: bigint; at: string | undefined } & PublicBody;

type PublicBody =
  | { type: 'users.registered.v1'; data: { roles: Role[] } }
  | { type: 'users.changed.v1'; data: { fields: string[] } }
  | { type: 'users.suspended.v1' | 'users.reinstated.v1' | 'users.erased.v1'; data: Record<string, never> }
  | { type: 'users.role-granted.v1' | 'users.role-revoked.v1'; data: { role: Role } }
  | { type: 'users.other.v1'; data: Record<string, never> };

/** An event without public content is published all the same: revisions stay gapless, so a gap means loss. */
const other = (): PublicBody => ({ type: 'users.other.v1', data: {} });

const roleChange = (type: 'users.role-granted.v1' | 'users.role-revoked.v1') => (data: unknown) => {
  const role = field(data, 'role');
  return isRole(role) ? { type, data: { role } } : other();
};

/** The compiler holds this table complete. It gets data of unproven form: a faulty event must be published, too. */
const PUBLIC_BODIES: { [T in UserEvent['type']]: (data: unknown) => PublicBody } = {
  UserRegistered: (data) => {
    const roles = field(data, 'roles');
    return { type: 'users.registered.v1', data: { roles: Array.isArray(roles) ? roles.filter(isRole) : [] } };
  },
  UserRenamed: () => ({ type: 'users.changed.v1', data: { fields: ['name'] } }),
  UserSuspended: () => ({ type: 'users.suspended.v1', data: {} }),
  UserReinstated: () => ({ type: 'users.reinstated.v1', data: {} }),
  UserErasureStarted: () => ({ type: 'users.erased.v1', data: {} }),
  RoleGranted: roleChange('users.role-granted.v1'),
  RoleRevoked: roleChange('users.role-revoked.v1'),
  PasswordChanged: other,
  PasswordHashUpgraded: other,
  UserErased: other,
};

const isUserEvent = (type: string): type is UserEvent['type'] => Object.hasOwn(PUBLIC_BODIES, type);

/** Public content of one event of `user-<userId>`, of whatever type or shape. Needs no key. */
export const publicContent = (userId: string, event: RecordedEvent): PublicContent => {
  const at = field(event.metadata, 'at');
  const { type = '', data } = decodeWithoutKeys(event) ?? {};
  const body = isUserEvent(type) ? PUBLIC_BODIES[type](data) : other();
  return { userId, revision: event.revision, at: typeof at === 'string' ? at : undefined, ...body };
};

const field = (object: unknown, name: string): unknown =>
  (object as Record<string, unknown> | null | undefined)?.[name];
