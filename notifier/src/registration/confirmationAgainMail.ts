import { registrationStream } from '@ums/contracts/streams';
import { waitingRegistrations } from '@ums/identity/vault/registrations';
import { readRecorded } from '@ums/kit/message-source/readRecorded';
import type { MailDefinition } from '../mail/mailDefinition.js';
import { openUncached } from '../mail/openUncached.js';
import { type ConfirmationDetails, composeConfirmation, confirmationMail } from './confirmationMail.js';

/** Limits the mails of one request when an address was flooded with registrations. */
const MAX_REGISTRATIONS = 3;

/** Sends the confirmation mails of the newest registrations that wait for an address again. */
export const confirmationAgainMail: MailDefinition<ConfirmationDetails> = {
  ...confirmationMail,
  fact: 'MailRequested',
  subjects: async ({ keys, vault }, requestId, recorded) => {
    const fact = await openUncached(recorded, keys);
    if ('unreadable' in fact || fact.type !== 'MailRequested') return 'dead';
    return waitingRegistrations(vault, requestId, MAX_REGISTRATIONS);
  },
  compose: async (deps, registrationId) => {
    const registration = { stream: registrationStream(registrationId), revision: 0n };
    const recorded = await readRecorded(deps.eventLog, registration);
    // Not in the log yet: the registration gets its own mail when it arrives there.
    if (recorded === undefined) return { skip: 'ended' };
    return composeConfirmation(deps, registrationId, recorded, { requested: true });
  },
};
