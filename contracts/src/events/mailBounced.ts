import { event } from './declaration.js';
import { oneOf, personal } from './fields.js';

/** Why an address gets no mail any more: a mail was returned for good, or its recipient reported it as unwanted. */
export const MAIL_BLOCK_KINDS = ['bounce', 'complaint'] as const;

export type MailBlockKind = (typeof MAIL_BLOCK_KINDS)[number];

/**
 * The mail provider reported that a mail to the address bounced for good, or that its recipient complained. No mail is sent to
 * the address any more, until it is proven again or an administrator ends the block. A fact of the user who has the address, or of
 * a registration that waits for its confirmation. There is none for an address that a user only asks for.
 *
 * `address`: what the address was when the event was appended. Reducers need it, because they fold sealed values without
 * opening them and so cannot compare two addresses.
 */
export const mailBounced = event({
  kind: oneOf(...MAIL_BLOCK_KINDS),
  address: oneOf('current', 'requested', 'previous'),
  email: personal,
});
