import type { RecordedEvent } from '@ums/contracts/events/event';
import { parseStream, registrationStream } from '@ums/contracts/streams';
import { resetTarget } from '@ums/identity/vault/passwordResets';
import { waitingRegistrations } from '@ums/identity/vault/registrations';
import { readRecorded } from '@ums/kit/message-source/readRecorded';
import type { MailDefinition, MailDeps } from '../mail/mailDefinition.js';
import { openUncached } from '../mail/openUncached.js';
import { composeReset } from '../password/passwordResetMail.js';
import { type ConfirmationDetails, composeConfirmation, confirmationMail } from '../registration/confirmationMail.js';

/**
 * What an anonymous client has requested: the link that resets the password, if the address has an account, or else the
 * confirmation mails of the newest registrations that wait for the address, again. A request for the latter sends no reset.
 */
export const requestedMail: MailDefinition<ConfirmationDetails> = {
  ...confirmationMail,
  fact: 'MailRequested',
  subjects: async ({ keys, vault }, requestId, recorded) => {
    const fact = await openUncached(recorded, keys);
    if ('unreadable' in fact || fact.type !== 'MailRequested') return 'dead';
    const { purpose } = fact.data;
    const target = await resetTarget(vault, requestId);
    if (purpose === 'reset-password' && target !== undefined) return [target.userId];
    return waitingRegistrations(vault, { requestId, purpose });
  },
  compose: async (deps, about, recorded) => {
    const target = await resetTarget(deps.vault, requestIdOf(recorded));
    // Its row may have expired since: then `about` names no registration either, and nothing is sent.
    return target?.userId === about ? composeReset(deps, target) : composeAgain(deps, about);
  },
};

const requestIdOf = ({ stream }: RecordedEvent): string => parseStream(stream)?.id ?? '';

const composeAgain = async (deps: MailDeps, registrationId: string) => {
  const registration = { stream: registrationStream(registrationId), revision: 0n };
  const recorded = await readRecorded(deps.eventLog, registration);
  // Not in the log yet: unless its request was refused, the registration gets its own mail when it arrives there.
  if (recorded === undefined) return { skip: 'ended' as const };
  return composeConfirmation(deps, registrationId, recorded, { requested: true });
};
