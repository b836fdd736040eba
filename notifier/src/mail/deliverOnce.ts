import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@ums/kit/log';
import type { Outcome } from '@ums/kit/message-source/messageSource';
import { type MailContent, rendered } from './content.js';
import type { CountMail } from './mailCount.js';
import { type Mailer, NotAccepted, Undeliverable } from './mailer.js';
import type { Lease, MailId, MailRecords } from './mailRecord.js';
import type { TemplateName } from './templates/templates.js';

/** What is to be mailed, found out under the lease; or why nothing is. */
export type Composed =
  | { to: string; template: TemplateName; language: string; content: MailContent }
  /** `ended`: what it was about is over or erased. `expired`: past its best-before. `silent`: a limit forbids it. */
  | { skip: 'ended' | 'expired' | 'silent' }
  /** The fact cannot be read, ever. */
  | { dead: string };

export interface DeliveryDeps {
  records: MailRecords;
  mailer: Mailer;
  count: CountMail;
  log: Log;
}

export interface Delivery extends MailId {
  correlationId: string | undefined;
}

/**
 * Sends one mail for one fact, however often its message comes (F-24): claims its record, composes, asks the mailer. Where
 * a crash or a time-out hid the mailer's answer it asks once more after the lease, and counts it; a second silence is
 * final.
 *
 * @throws what `compose` throws; the lease is given back.
 */
export const deliverOnce = async (
  { log, ...rest }: DeliveryDeps,
  mail: Delivery,
  compose: () => Promise<Composed>,
): Promise<Outcome> => {
  const { eventId, correlationId } = mail;
  const deps = { ...rest, log: log.child({ eventId, ...(correlationId && { correlationId }) }) };
  const { records, count } = deps;
  const lease = await records.claim(mail);
  if (lease === 'taken') return 'later';
  if (lease === 'final') return 'done';
  if (lease.resends > 1) {
    await records.finish(lease, 'unknown');
    count('unknown');
    deps.log.error('mail given up: its fate is unknown');
    return 'done';
  }
  const composed = await composedUnder(lease, records, compose);
  if ('skip' in composed) {
    await records.finish(lease, 'skipped', { reason: composed.skip });
    count(composed.skip);
    return 'done';
  }
  if ('dead' in composed) return dead(deps, lease, composed.dead);
  return send(deps, lease, composed);
};

const composedUnder = async (lease: Lease, records: MailRecords, compose: () => Promise<Composed>) => {
  try {
    return await compose();
  } catch (error) {
    await records.release(lease);
    throw error;
  }
};

const ATTEMPTS_TO_RECORD = 4;

type Letter = Extract<Composed, { to: string }>;

const send = async (deps: DeliveryDeps, lease: Lease, letter: Letter): Promise<Outcome> => {
  const { records, mailer, count, log } = deps;
  const { to, template, language, content } = letter;
  if (!(await records.sending(lease, template))) return 'later';
  if (lease.resends > 0) count('resent', template);
  let messageId: string;
  try {
    const mail = { to, template, eventId: lease.eventId, ...rendered(content, language) };
    messageId = (await mailer.send(mail)).messageId;
  } catch (error) {
    if (error instanceof Undeliverable) return dead(deps, lease, 'undeliverable', error);
    const known = error instanceof NotAccepted;
    log.warn('mail not sent', { template, error });
    count(known ? 'not-accepted' : 'unanswered', template);
    if (known) await records.release(lease);
    return 'later';
  }
  count('sent', template);
  log.info('mail sent', { template, messageId });
  await persistently(() => records.finish(lease, 'sent', { messageId }));
  return 'done';
};

/** What is not recorded as sent will be sent again, so a connection that broke just now is worth a few attempts. */
const persistently = async (record: () => Promise<void>): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await record();
    } catch (error) {
      if (attempt === ATTEMPTS_TO_RECORD) throw error;
      await sleep(attempt * 100);
    }
  }
};

const dead = async (deps: DeliveryDeps, lease: Lease, reason: string, error?: unknown): Promise<Outcome> => {
  await deps.records.finish(lease, 'dead', { reason });
  deps.count('dead');
  deps.log.error('mail is dead', { reason, ...(error === undefined ? {} : { error }) });
  return 'dead';
};
