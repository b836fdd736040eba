import { randomUUID } from 'node:crypto';
import type { MailEvent } from '@ums/contracts/events/mail';
import type { SendRequest } from '@ums/contracts/http/registration';
import { mailStream } from '@ums/contracts/streams';
import { addressMac } from '@ums/identity/addressMac';
import { NO_STREAM } from '@ums/kit/event-log/eventLog';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import { addMailRequest } from '../account/mailRequestRow.js';
import { addressInput } from '../input/personInput.js';
import type { RegistrationDeps } from './registrationDeps.js';

const REQUEST_LIFE_MS = 3_600_000;

/**
 * Stores a request to mail the waiting registrations of an address again. The work is the same for every address. Over the
 * mail limit that counts all sources the request is stored already expired, so that no mail is sent.
 *
 * @throws Refused `validation-failed`, `busy`, `too-many-attempts` when this source caused too many mails; LogUnavailable.
 */
export const resendConfirmation = async (
  deps: RegistrationDeps,
  request: SendRequest,
  origin: RequestOrigin,
): Promise<void> => {
  const mac = addressMac(deps.addressKey, addressInput(request.email));
  const id = randomUUID();
  const now = deps.clock.now();
  const expiresAt = new Date(now.getTime() + REQUEST_LIFE_MS);
  const mailRequest = { id, purpose: 'confirm-registration' as const, addressMac: mac, expiresAt };
  await deps.limits.allowMail(mac, origin.source.bucket, (count) =>
    addMailRequest(deps.vault, mailRequest, now, count),
  );
  await appendFacts<MailEvent>(deps, {
    stream: mailStream(id),
    events: [{ type: 'MailRequested', data: { purpose: 'confirm-registration' } }],
    expected: NO_STREAM,
    cause: causedBy(origin, { kind: 'anonymous' }),
  });
};
