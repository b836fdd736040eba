import { type Declarations, type EventsOf, event } from './declaration.js';
import { id, personal } from './fields.js';

/** Facts of `registration-<id>`: a registration until it is confirmed or expires. */
export const REGISTRATION_EVENTS = {
  /** Revision 0: an account was requested for an address that is not proven yet. */
  RegistrationRequested: event({ email: personal, name: personal, passwordHash: personal }),
  /** The address was proven and the user exists: see `UserRegistered` of `user-<userId>`. */
  RegistrationCompleted: event({ userId: id }),
} satisfies Declarations;

export type RegistrationEvent = EventsOf<typeof REGISTRATION_EVENTS>;
