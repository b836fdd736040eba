import { randomUUID } from 'node:crypto';
import type { MailEvent, MailPurpose } from '@ums/contracts/events/mail';
import { mailStream } from '@ums/contracts/streams';
import { addressMac } from '@ums/identity/addressMac';
import { waitAfterLog } from '@ums/kit/event-log/afterLogTimeout';
import { NO_STREAM } from '@ums/kit/event-log/eventLog';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import { addMailRequest, deleteMailRequest } from '../account/mailRequestRow.js';
import type { CredentialDeps } from '../credentials/verifyPassword.js';
import { addressInput } from '../input/personInput.js';
import type { MailKind } from '../limits/buckets.js';

const REQUEST_LIFE_MS = 3_600_000;
const KIND: Readonly<Record<MailPurpose, MailKind>> = {
  'confirm-registration': 'resend',
  'reset-password': 'reset',
};

/**
 * Stores an anonymous request for a mail to an address. The work is the same for every address; what is mailed, if anything,
 * is decided by the notifier (E-01, E-02). Over the mail limit that counts all sources the request is stored already expired, so that
 * no mail is sent. If the request fails, it is deleted and counts no more; an event that is appended all the same, or later, causes no
 * mail then. Each purpose has a count of its own, see `mailNameOf`.
 *
 * @param request.email as the client sent it.
 * @throws Refused `validation-failed`, `busy`, `too-many-attempts` when this source caused too many mails; LogUnavailable.
 */
export const requestMail = async (
  deps: CredentialDeps,
  { email, purpose }: { email: string; purpose: MailPurpose },
  origin: RequestOrigin,
): Promise<void> => {
  const mac = addressMac(deps.addressKey, addressInput(email));
  const id = randomUUID();
  const now = deps.clock.now();
  const expiresAt = new Date(now.getTime() + REQUEST_LIFE_MS);
  const mailRequest = { id, purpose, addressMac: mac, expiresAt };
  const mail = await deps.limits.allowMail({ addressMac: mac, kind: KIND[purpose] }, origin.source.bucket, (count) =>
    addMailRequest(deps.vault, mailRequest, now, count),
  );
  const takeBack = async (): Promise<void> => {
    await deleteMailRequest(deps.vault, id);
    await mail.giveBack();
  };
  try {
    await appendFacts<MailEvent>(deps, {
      stream: mailStream(id),
      events: [{ type: 'MailRequested', data: { purpose } }],
      expected: NO_STREAM,
      cause: causedBy(origin, { kind: 'anonymous' }),
    });
  } catch (error) {
    // Repeats during an outage of the log would else use up the mails of the address.
    await waitAfterLog(takeBack());
    throw error;
  }
};
