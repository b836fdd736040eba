import type { Personal } from '@ums/contracts/personal';
import type { Role } from '@ums/contracts/roles';

/** What the vault's account row mirrors. It needs no key to be known. */
export interface Standing {
  status: 'active' | 'suspended' | 'erased';
  roles: Role[];
  /** Revision of the last event that cuts access tokens. */
  epoch: bigint;
  /** Revision of the last event that ends sessions. */
  sessionsFrom: bigint;
}

/** A person with an account. */
export interface LivingUser extends Standing {
  status: 'active' | 'suspended';
  registrationId: string;
  email: Personal;
  name: Personal;
  passwordHash: Personal;
}

/** Somebody who asked to be forgotten. `finished`: nothing is left to destroy. */
export interface ErasedUser extends Standing {
  status: 'erased';
  finished: boolean;
}

export type UserState = { status: 'unknown' } | LivingUser | ErasedUser;

/** Before the first event. */
export const unknownUser: UserState = { status: 'unknown' };
