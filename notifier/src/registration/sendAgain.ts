import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Message } from '@ums/contracts/messages/message';
import { parseStream, registrationStream } from '@ums/contracts/streams';
import type { Outcome } from '@ums/kit/message-source/messageSource';
import type pg from 'pg';
import { openedFresh, recordedAt } from '../factAt.js';
import { deliverOnce } from '../mail/deliverOnce.js';
import type { MailDeps } from '../mailDeps.js';
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
  for (const about of await waitingFor(deps.vault, wish.id)) {
    const requested = await recordedAt(deps.eventLog, { stream: registrationStream(about), revision: 0n });
    // A registration whose fact is not there yet is mailed when it comes.
    if (requested === undefined) continue;
    const compose = () => composeConfirmation(deps, requested, true);
    outcomes.push(await deliverOnce(deps, { eventId, about, correlationId }, compose));
  }
  if (outcomes.length === 0) deps.count('ended');
  return outcomes.find((outcome) => outcome === 'later') ?? outcomes.find((outcome) => outcome === 'dead') ?? 'done';
};

/** An address that is taken gets one "you already have an account", however many wait for it. A wish past its hour gets nothing. */
const WAITING = `
  select r.id from mail_request w join registration r on r.address_mac = w.address_mac
  where w.id = $1 and w.expires_at > now() and r.completed_at is null and r.expires_at > now()
  order by r.requested_at desc, r.id
  limit case when exists (select from mail_request w join address a on a.mac = w.address_mac where w.id = $1)
    then 1 else $2::int end`;

const waitingFor = async (vault: pg.Pool, requestId: string): Promise<string[]> => {
  const { rows } = await vault.query<{ id: string }>(WAITING, [requestId, MOST_AGAIN]);
  return rows.map((row) => row.id);
};
