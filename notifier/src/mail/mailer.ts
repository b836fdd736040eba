import type { RenderedMail } from './content.js';

/** A mail as the mailer gets it. */
export interface Mail extends RenderedMail {
  /** Canonical address (E-08). */
  to: string;
  template: string;
  /** Id of the event that caused it. Sent along, so that reports of the provider can be matched to mail records. */
  eventId: string;
}

/** Port to the mail provider. */
export interface Mailer {
  /**
   * Resolves once the provider has accepted the mail.
   *
   * @throws NotAccepted when the provider certainly did not take the mail; it may be sent again.
   * @throws Undeliverable when the provider will never take it.
   * @throws AnsweredByProxy when the outcome is unknown, and the provider is probably out of service.
   * Any other error means that the outcome is unknown: the provider may have taken it.
   */
  send(mail: Mail): Promise<{ messageId: string }>;
  /** Whether the provider refuses every mail for now. Then nothing need be composed. */
  isPaused?(): boolean;
}

/** Refused for now (throttled, paused, out of service), or never sent. */
export class NotAccepted extends Error {
  override readonly name = 'NotAccepted';

  constructor(cause?: unknown) {
    super('the mail was not accepted', { cause });
  }
}

/**
 * Answered with 5xx by a proxy or load balancer before the provider, or with 2xx and no id of a message. Most have reached no
 * provider, but it may have taken the mail: 502 and 504, and some proxies with 503, also tell that its answer was lost (RFC 9110
 * §15.6.3).
 */
export class AnsweredByProxy extends Error {
  override readonly name = 'AnsweredByProxy';

  constructor(cause?: unknown) {
    super('a proxy answered in place of the mail provider', { cause });
  }
}

/** Refused for good, because of the address or the content. */
export class Undeliverable extends Error {
  override readonly name = 'Undeliverable';

  constructor(cause?: unknown) {
    super('the mail cannot be delivered', { cause });
  }
}
