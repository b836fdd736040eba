import type { Personal } from '../personal.js';
import type { Role } from '../roles.js';

/** Revision 0 of `user-<userId>`: the address was proven, the account begins. */
export interface UserRegistered {
  type: 'UserRegistered';
  data: { registrationId: string; email: Personal; name: Personal; passwordHash: Personal; roles: Role[] };
}

export interface UserRenamed {
  type: 'UserRenamed';
  data: { name: Personal };
}

/** A cut: ends every session and access token. */
export interface PasswordChanged {
  type: 'PasswordChanged';
  data: { passwordHash: Personal };
}

/** The same password under newer parameters. Cuts nothing, is never public, and is dropped on any conflict. */
export interface PasswordHashUpgraded {
  type: 'PasswordHashUpgraded';
  data: { passwordHash: Personal };
}

/** A cut of access tokens only: sessions go on and their next token carries the new roles. */
export interface RoleGranted {
  type: 'RoleGranted';
  data: { role: Role };
}

export interface RoleRevoked {
  type: 'RoleRevoked';
  data: { role: Role };
}

/** A cut. Its reason is in the metadata, sealed. */
export interface UserSuspended {
  type: 'UserSuspended';
  data: Record<string, never>;
}

export interface UserReinstated {
  type: 'UserReinstated';
  data: Record<string, never>;
}

/** The last event a person causes: from here on the data key is gone or about to go. A cut. */
export interface UserErasureStarted {
  type: 'UserErasureStarted';
  data: Record<string, never>;
}

/** Nothing of the person is left anywhere. Written by the keeper, last. */
export interface UserErased {
  type: 'UserErased';
  data: Record<string, never>;
}

export type UserEvent =
  | UserRegistered
  | UserRenamed
  | PasswordChanged
  | PasswordHashUpgraded
  | RoleGranted
  | RoleRevoked
  | UserSuspended
  | UserReinstated
  | UserErasureStarted
  | UserErased;
