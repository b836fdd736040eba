import { randomUUID } from 'node:crypto';
import type { MailEvent } from '@ums/contracts/events/mail';
import type { SendRequest } from '@ums/contracts/http/registration';
import { mailStream } from '@ums/contracts/streams';
import { addressMac } from '@ums/identity/addressMac';
import { NO_STREAM } from '@ums/kit/event-log/eventLog';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import type { CommandDeps } from '../commandDeps.js';
import { addressInput } from '../user/userInput.js';
import { addMailRequest } from './mailRequestRow.js';

const WISH_LIVES_MS = 3_600_000;

/**
 * Notes a wish to be mailed the confirmations that wait for an address. The same work for every address; over the limit
 * for mails the wish is born expired, and nobody is mailed.
 *
 * @throws Refused `validation-failed`; LogUnavailable.
 */
export const sendAgain = async (deps: CommandDeps, request: SendRequest, origin: RequestOrigin): Promise<void> => {
  const mac = addressMac(deps.addressKey, addressInput(request.email));
  const allowed = await deps.limits.allowMail(mac, origin.source.bucket);
  const id = randomUUID();
  const expiresAt = new Date(deps.clock.now().getTime() + (allowed ? WISH_LIVES_MS : 0));
  await addMailRequest(deps.vault, { id, purpose: 'confirm-registration', addressMac: mac, expiresAt });
  await appendFacts<MailEvent>(deps, {
    stream: mailStream(id),
    events: [{ type: 'MailRequested', data: { purpose: 'confirm-registration' } }],
    expected: NO_STREAM,
    cause: causedBy(origin, { kind: 'anonymous' }),
  });
};
