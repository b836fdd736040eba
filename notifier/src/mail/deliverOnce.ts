import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '@ums/kit/log';
import type { MessageOutcome } from '@ums/kit/message-source/messageSource';
import type { MailBrand } from './content.js';
import type { CountMail } from './countMail.js';
import { AnsweredByProxy, type Mailer, NotAccepted, Undeliverable } from './mailer.js';
import type { ClaimedState, Lease, MailId, MailRecords } from './mailRecords.js';
import type { ComposedMail } from './mailTemplate.js';
import { renderMail } from './renderMail.js';

/** A mail, or why there is none. */
export type Composition =
  | ComposedMail
  /**
   * `ended`: the subject is completed or erased. `expired`: past its best-before. `silent`: over the mail limit.
   * `undeliverable`: an earlier mail to the recipient came back.
   */
  | { skip: 'ended' | 'expired' | 'silent' | 'undeliverable' }
  /** The event asks for no mail: nothing is recorded or counted. */
  | { isDue: false }
  /** Short reason why the event can never be read. */
  | { dead: string };

export interface DeliveryDeps {
  records: MailRecords;
  mailer: Mailer;
  count: CountMail;
  brand: MailBrand;
  log: Log;
}

export interface Delivery extends MailId {
  correlationId: string | undefined;
}

/**
 * Sends a mail once, however often its message is delivered (F-24): composes it, claims its record as `sending`, calls
 * the mailer, records the answer. When a crash or a time-out hid the mailer's answer, it sends the mail once more after
 * the lease has ended, and counts that. Where a proxy answered, that takes ten minutes. After a second lost answer it gives up.
 *
 * Composing comes before the claim, so that one statement can record both the claim and what becomes of the mail:
 * - The claim decides who sends. Composing has no effect, so it does not matter that it also runs for a mail that is
 *   final or that another instance sends.
 * - A crash while composing leaves no trace; the next delivery starts anew.
 * - A crash between the claim and the call of the mailer counts as a lost answer, because the record cannot tell the two
 *   apart. The mail is sent by the next attempt, since only the second lost answer ends them.
 * - The mail is sent only within `sendWithinMs` after composing began. This keeps it from being outdated, and its lease
 *   from ending before the mailer's time-out, because the lease is younger than the mail.
 *
 * @throws what `compose` throws. The record is unchanged then.
 */
export const deliverOnce = async (
  { log, ...rest }: DeliveryDeps,
  mail: Delivery,
  compose: () => Promise<Composition>,
): Promise<MessageOutcome> => {
  const { eventId, correlationId } = mail;
  const deps = { ...rest, log: log.child({ eventId, ...(correlationId && { correlationId }) }) };
  const { records, count, mailer } = deps;
  if (mailer.isPaused?.()) return 'later';
  const sendBefore = performance.now() + records.sendWithinMs;
  const composition = await compose();
  if ('isDue' in composition) return 'done';
  const lease = await records.claim(mail, claimedState(composition));
  if (lease === 'taken') return 'later';
  if (lease === 'final') return 'done';
  if (lease === 'given-up') {
    count('unknown');
    deps.log.error('mail given up: delivery outcome unknown');
    return 'done';
  }
  if ('skip' in composition) {
    count(composition.skip);
    return 'done';
  }
  if ('dead' in composition) return reportDead(deps, composition.dead);
  return send(deps, lease, composition, sendBefore);
};

const claimedState = (composition: Exclude<Composition, { isDue: false }>): ClaimedState => {
  if ('skip' in composition) return { state: 'skipped', reason: composition.skip };
  if ('dead' in composition) return { state: 'dead', reason: composition.dead };
  return { state: 'sending', template: composition.template };
};

/** @param sendBefore in the time of `performance.now()`, which does not jump. */
const send = async (
  deps: DeliveryDeps,
  lease: Lease,
  { to, template, locale, content }: ComposedMail,
  sendBefore: number,
): Promise<MessageOutcome> => {
  const { records, mailer, count, brand, log } = deps;
  const mail = { to, template, eventId: lease.eventId, ...renderMail(content, locale, brand) };
  if (performance.now() >= sendBefore) {
    log.warn('mail not sent: composing and claiming took too long', { template });
    await retryRecording(() => records.release(lease));
    return 'later';
  }
  const countResent = () => lease.resends > 0 && count('resent', template);
  let messageId: string;
  try {
    messageId = (await mailer.send(mail)).messageId;
  } catch (error) {
    if (error instanceof Undeliverable) {
      await retryRecording(() => records.finish(lease, 'dead', { reason: 'undeliverable' }));
      return reportDead(deps, 'undeliverable', error);
    }
    const notAccepted = error instanceof NotAccepted;
    log.warn('mail not sent', { template, error });
    if (!notAccepted) countResent();
    count(notAccepted ? 'not-accepted' : 'unanswered', template);
    if (notAccepted) await retryRecording(() => records.release(lease));
    if (error instanceof AnsweredByProxy) await retryRecording(() => records.postpone(lease));
    return 'later';
  }
  countResent();
  count('sent', template);
  log.info('mail sent', { template, messageId });
  await retryRecording(() => records.finish(lease, 'sent', { messageId }));
  return 'done';
};

const RECORDING_ATTEMPTS = 4;

/** Without the record, a mail that was sent is sent again, and one that was refused counts as sent perhaps; so a broken connection is retried here. */
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

const reportDead = ({ count, log }: DeliveryDeps, reason: string, error?: unknown): MessageOutcome => {
  count('dead');
  log.error('mail can never be sent', { reason, ...(error === undefined ? {} : { error }) });
  return 'dead';
};
