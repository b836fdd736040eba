import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Message } from '@ums/contracts/messages/message';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import type { Outcome } from '@ums/kit/message-source/messageSource';
import { isDown } from '@ums/kit/postgres/errors';
import { mailGoodbye } from './erasure/goodbyeMail.js';
import { recordedAt } from './mail/factAt.js';
import type { MailDeps } from './mail/mailDeps.js';
import { mailAgain } from './registration/confirmationAgainMail.js';
import { mailConfirmation } from './registration/confirmationMail.js';

type MailHandler = (deps: MailDeps, message: Message, recorded: RecordedEvent) => Promise<Outcome>;

/** From event to mail. A new mail is a line here and a template. */
const HANDLERS: Readonly<Record<string, MailHandler>> = {
  RegistrationRequested: mailConfirmation,
  MailRequested: mailAgain,
  UserErased: mailGoodbye,
};

export const MAILED_TYPES: readonly string[] = Object.keys(HANDLERS);

/** Acts on the fact a message points at, as the log holds it; not there = later. An outage is `later`, a defect throws. */
export const handleMail =
  (deps: MailDeps) =>
  async (message: Message): Promise<Outcome> => {
    try {
      const recorded = await recordedAt(deps.eventLog, message.pointer);
      if (recorded === undefined) return 'later';
      const handler = recorded.id === message.eventId ? HANDLERS[recorded.type] : undefined;
      return handler === undefined ? 'dead' : await handler(deps, message, recorded);
    } catch (error) {
      if (!isOutage(error)) throw error;
      deps.log.warn('mail waits for a dependency', { eventId: message.eventId, error });
      return 'later';
    }
  };

const isOutage = (error: unknown): boolean =>
  isDown(error) || error instanceof LogUnavailable || error instanceof DependencyUnavailable;
