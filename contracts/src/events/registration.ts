import { DEFAULT_LOCALE } from '../locale.js';
import { type Declarations, type EventsOf, event } from './declaration.js';
import { id, locale, optionalId, personal } from './fields.js';
import { mailBounced } from './mailBounced.js';

/** Facts of `registration-<id>`: a registration until it is confirmed or expires. */
export const REGISTRATION_EVENTS = {
  /**
   * Revision 0: an account was requested for an address that is not proven yet. `pictureId`: the picture sent with it, if any.
   * `locale`: the language that the client asked for.
   */
  RegistrationRequested: event(
    { email: personal, name: personal, passwordHash: personal, pictureId: optionalId, locale },
    {
      storedAs: 'RegistrationRequested.v2',
      earlier: {
        RegistrationRequested: {
          fields: { email: personal, name: personal, passwordHash: personal },
          upcast: (data) => ({ ...data, pictureId: null, locale: DEFAULT_LOCALE }),
        },
      },
    },
  ),
  /** The address was proven and the user exists: see `UserRegistered` of `user-<userId>`. */
  RegistrationCompleted: event({ userId: id }),
  /** A mail to the address of the registration came back. The registration can still be confirmed. */
  MailBounced: mailBounced,
} satisfies Declarations;

export type RegistrationEvent = EventsOf<typeof REGISTRATION_EVENTS>;
