import { isRole, type Role } from '../roles.js';

/** What the public form of an event says besides user, revision and time. No personal data. */
export type PublicBody =
  | { type: 'users.registered.v1'; data: { roles: Role[] } }
  | { type: 'users.changed.v1'; data: { fields: string[] } }
  | { type: 'users.suspended.v1' | 'users.reinstated.v1' | 'users.erased.v1'; data: Record<string, never> }
  | { type: 'users.role-granted.v1' | 'users.role-revoked.v1'; data: { role: Role } }
  | { type: 'users.other.v1'; data: Record<string, never> };

/**
 * Makes the public body of an event from its data, where personal fields are replaced by `ERASED`. The data is not
 * validated, because a faulty event must be published, too.
 */
export type ToPublic = (data: unknown) => PublicBody;

/** An event without public content is published, too, so that a gap in the revisions means a lost message. */
export const asOther: ToPublic = () => ({ type: 'users.other.v1', data: {} });

/** The valid roles of the data, each once; `[]` when it holds none. */
export const asRegistered: ToPublic = (data) => {
  const roles = publicField(data, 'roles');
  return {
    type: 'users.registered.v1',
    data: { roles: Array.isArray(roles) ? [...new Set(roles.filter(isRole))] : [] },
  };
};

/** Names the fields that changed, never their values. */
export const asChanged =
  (...fields: string[]): ToPublic =>
  () => ({ type: 'users.changed.v1', data: { fields } });

/** A body without data: the type says what changed. */
export const asStatus =
  (type: 'users.suspended.v1' | 'users.reinstated.v1' | 'users.erased.v1'): ToPublic =>
  () => ({ type, data: {} });

/** Names the role. Without a valid role the body is that of {@link asOther}. */
export const asRoleChange =
  (type: 'users.role-granted.v1' | 'users.role-revoked.v1'): ToPublic =>
  (data) => {
    const role = publicField(data, 'role');
    return isRole(role) ? { type, data: { role } } : asOther(data);
  };

/** One field of a value that may not be an object; `undefined` when it has no such field. */
export const publicField = (object: unknown, name: string): unknown =>
  (object as Record<string, unknown> | null | undefined)?.[name];
