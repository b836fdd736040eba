import type { RenderedMail } from './content.js';
import type { TemplateName } from './templates/templates.js';

export interface Mail extends RenderedMail {
  /** The canonical address, as the fact holds it (E-08). */
  to: string;
  template: TemplateName;
  /** The fact it is about; travels with the mail so that its fate can be reconciled. */
  eventId: string;
}

/** Whoever takes mails off our hands. */
export interface Mailer {
  /**
   * Hands a mail over; resolves once it was accepted.
   *
   * @throws NotAccepted when it was certainly not taken and may be later.
   * @throws Undeliverable when it never will be.
   * Anything else thrown means that nobody knows: it may have been taken.
   */
  send(mail: Mail): Promise<{ messageId: string }>;
}

/** Refused for now (throttled, paused, ill), or never asked. No reason that came from outside: it could hold an address. */
export class NotAccepted extends Error {
  override readonly name = 'NotAccepted';

  constructor(cause?: unknown) {
    super('the mail was not accepted', { cause });
  }
}

/** Refused for good: a bad address, a message that is not allowed. */
export class Undeliverable extends Error {
  override readonly name = 'Undeliverable';

  constructor(cause?: unknown) {
    super('the mail can not be delivered', { cause });
  }
}
