import type { Personal } from '../personal.js';

/** Somebody asked to be registered under an address not yet proven. Stream `registration-<id>`, revision 0. */
export interface RegistrationRequested {
  type: 'RegistrationRequested';
  data: { email: Personal; name: Personal; passwordHash: Personal };
}

/** The address was proven and the user exists: see `UserRegistered` of `user-<userId>`. */
export interface RegistrationCompleted {
  type: 'RegistrationCompleted';
  data: { userId: string };
}

export type RegistrationEvent = RegistrationRequested | RegistrationCompleted;
