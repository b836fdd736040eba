import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Message } from '@ums/contracts/messages/message';
import { parseStream, registrationStream } from '@ums/contracts/streams';
import { waitingRegistrations } from '@ums/identity/vault/registrations';
import type { Outcome } from '@ums/kit/message-source/messageSource';
import { deliverOnce } from '../mail/deliverOnce.js';
import { openedFresh, recordedAt } from '../mail/factAt.js';
import type { MailDeps } from '../mail/mailDeps.js';
import { composeConfirmation } from './confirmationMail.js';

/** whoever floods an address with registrations must not make one wish a flood of mails. */
const MOST_AGAIN = 3;

/** `MailRequested`: the mails of the newest registrations that wait for this address, each again. */
export const mailAgain = async (deps: MailDeps, message: Message, recorded: RecordedEvent): Promise<Outcome> => {
  const fact = await openedFresh(recorded, deps.keys);
  const wish = parseStream(recorded.stream);
  if ('unreadable' in fact || fact.type !== 'MailRequested' || wish === undefined) return 'dead';
  const { eventId, correlationId } = message;
  const outcomes: Outcome[] = [];
  for (const about of await waitingRegistrations(deps.vault, wish.id, MOST_AGAIN)) {
    const requested = await recordedAt(deps.eventLog, { stream: registrationStream(about), revision: 0n });
    // A registration whose fact is not there yet is mailed when it comes.
    if (requested === undefined) continue;
    const compose = () => composeConfirmation(deps, requested, true);
    outcomes.push(await deliverOnce(deps, { eventId, about, correlationId }, compose));
  }
  if (outcomes.length === 0) deps.count('ended');
  return outcomes.find((outcome) => outcome === 'later') ?? outcomes.find((outcome) => outcome === 'dead') ?? 'done';
};
