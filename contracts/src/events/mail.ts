import { type Declarations, type EventsOf, event } from './declaration.js';
import { oneOf } from './fields.js';

/** Facts of `mail-<requestId>`. */
export const MAIL_EVENTS = {
  /**
   * An anonymous client requested a mail. What is mailed depends on whether the address has an account. The address is in the
   * vault, under the id of the stream.
   */
  MailRequested: event({ purpose: oneOf('confirm-registration', 'reset-password') }),
} satisfies Declarations;

export type MailEvent = EventsOf<typeof MAIL_EVENTS>;
export type MailPurpose = MailEvent['data']['purpose'];
