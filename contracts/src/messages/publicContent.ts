import type { RecordedEvent } from '../events/event.js';
import { isRole, type Role } from '../roles.js';

/** What everybody may know of a user's event: types, statuses, roles, names of changed fields, times. No personal data. */
export type PublicContent = { userId: string; revision: bigint; at: string | undefined } & (
  | { type: 'users.registered.v1'; data: { roles: Role[] } }
  | { type: 'users.changed.v1'; data: { fields: string[] } }
  | { type: 'users.suspended.v1' | 'users.reinstated.v1' | 'users.erased.v1'; data: Record<string, never> }
  | { type: 'users.role-granted.v1' | 'users.role-revoked.v1'; data: { role: Role } }
  | { type: 'users.other.v1'; data: Record<string, never> }
);

/** Public content of one event of `user-<userId>`. An event without any is `users.other.v1`: revisions stay gapless. */
export const publicContent = (userId: string, event: RecordedEvent): PublicContent => {
  const at = field(event.metadata, 'at');
  const head = { userId, revision: event.revision, at: typeof at === 'string' ? at : undefined };
  switch (event.type) {
    case 'UserRegistered': {
      const roles = field(event.data, 'roles');
      return {
        ...head,
        type: 'users.registered.v1',
        data: { roles: Array.isArray(roles) ? roles.filter(isRole) : [] },
      };
    }
    case 'UserRenamed':
      return { ...head, type: 'users.changed.v1', data: { fields: ['name'] } };
    case 'UserSuspended':
      return { ...head, type: 'users.suspended.v1', data: {} };
    case 'UserReinstated':
      return { ...head, type: 'users.reinstated.v1', data: {} };
    case 'UserErasureStarted':
      return { ...head, type: 'users.erased.v1', data: {} };
    case 'RoleGranted':
    case 'RoleRevoked': {
      const role = field(event.data, 'role');
      const type = event.type === 'RoleGranted' ? 'users.role-granted.v1' : 'users.role-revoked.v1';
      return isRole(role) ? { ...head, type, data: { role } } : { ...head, type: 'users.other.v1', data: {} };
    }
    default:
      return { ...head, type: 'users.other.v1', data: {} };
  }
};

const field = (object: unknown, name: string): unknown =>
  (object as Record<string, unknown> | null | undefined)?.[name];
