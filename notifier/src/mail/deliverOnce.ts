import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@ums/kit/log';
import type { MessageOutcome } from '@ums/kit/message-source/messageSource';
import { rendered } from './content.js';
import type { CountMail } from './countMail.js';
import { type Mailer, NotAccepted, Undeliverable } from './mailer.js';
import type { Lease, MailId, MailRecords } from './mailRecords.js';
import type { ComposedMail } from './mailTemplate.js';

/** A mail, or why there is none. */
export type Composition =
  | ComposedMail
  /** `ended`: the subject is completed or erased. `expired`: past its best-before. `silent`: over the mail limit. */
  | { skip: 'ended' | 'expired' | 'silent' }
  /** Short reason why the event can never be read. */
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
 * Sends a mail once, however often its message is delivered (F-24): claims its record, composes, calls the mailer. When
 * a crash or a time-out hid the mailer's answer, it sends the mail once more after the lease has ended, and counts that.
 * After a second lost answer it gives up.
 *
 * @throws what `compose` throws, after releasing the lease.
 */
export const deliverOnce = async (
  { log, ...rest }: DeliveryDeps,
  mail: Delivery,
  compose: () => Promise<Composition>,
): Promise<MessageOutcome> => {
  const { eventId, correlationId } = mail;
  const deps = { ...rest, log: log.child({ eventId, ...(correlationId && { correlationId }) }) };
  const { records, count } = deps;
  const lease = await records.claim(mail);
  if (lease === 'taken') return 'later';
  if (lease === 'final') return 'done';
  if (lease.resends > 1) {
    await records.finish(lease, 'unknown');
    count('unknown');
    deps.log.error('mail given up: delivery outcome unknown');
    return 'done';
  }
  const composition = await composeUnderLease(lease, records, compose);
  if ('skip' in composition) {
    await records.finish(lease, 'skipped', { reason: composition.skip });
    count(composition.skip);
    return 'done';
  }
  if ('dead' in composition) return dead(deps, lease, composition.dead);
  return send(deps, lease, composition);
};

const composeUnderLease = async (lease: Lease, records: MailRecords, compose: () => Promise<Composition>) => {
  try {
    return await compose();
  } catch (error) {
    await records.release(lease);
    throw error;
  }
};

const send = async (deps: DeliveryDeps, lease: Lease, composed: ComposedMail): Promise<MessageOutcome> => {
  const { records, mailer, count, log } = deps;
  const { to, template, language, content } = composed;
  if (!(await records.markSending(lease, template))) return 'later';
  if (lease.resends > 0) count('resent', template);
  let messageId: string;
  try {
    const mail = { to, template, eventId: lease.eventId, ...rendered(content, language) };
    messageId = (await mailer.send(mail)).messageId;
  } catch (error) {
    if (error instanceof Undeliverable) return dead(deps, lease, 'undeliverable', error);
    const notAccepted = error instanceof NotAccepted;
    log.warn('mail not sent', { template, error });
    count(notAccepted ? 'not-accepted' : 'unanswered', template);
    if (notAccepted) await records.release(lease);
    return 'later';
  }
  count('sent', template);
  log.info('mail sent', { template, messageId });
  await retryRecording(() => records.finish(lease, 'sent', { messageId }));
  return 'done';
};

const RECORDING_ATTEMPTS = 4;

/** A mail that is not recorded as sent is sent again, so a broken connection is retried here. */
const retryRecording = async (record: () => Promise<void>): Promise<void> => {
  for (let attempt = 1; ; attempt++) {
    try {
      return await record();
    } catch (error) {
      if (attempt === RECORDING_ATTEMPTS) throw error;
      await sleep(attempt * 100);
    }
  }
};

const dead = async (deps: DeliveryDeps, lease: Lease, reason: string, error?: unknown): Promise<MessageOutcome> => {
  await deps.records.finish(lease, 'dead', { reason });
  deps.count('dead');
  deps.log.error('mail can never be sent', { reason, ...(error === undefined ? {} : { error }) });
  return 'dead';
};
