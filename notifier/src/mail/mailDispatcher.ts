import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Message } from '@ums/contracts/messages/message';
import { currentType } from '@ums/contracts/stored/stored';
import { parseStream } from '@ums/contracts/streams';
import { isOutage } from '@ums/kit/message-source/isOutage';
import type { Consumer, MessageOutcome } from '@ums/kit/message-source/messageSource';
import { readPointed } from '@ums/kit/message-source/readPointed';
import { deliverOnce } from './deliverOnce.js';
import type { MailDefinition, MailDeps } from './mailDefinition.js';
import { unlessBlocked } from './unlessBlocked.js';

/**
 * The part of a consumer that turns messages into mails. The handler takes the event it is given with a message, or
 * reads the one that the message points at, and sends its mail. It returns `later` while the log does not have the event yet or a
 * dependency is down, and `dead` when the event is gone; it throws only on a bug.
 *
 * @throws TypeError when two mails have the same fact.
 */
export const mailDispatcher = (
  mails: readonly MailDefinition[],
  deps: MailDeps,
): Pick<Consumer, 'types' | 'handle'> => {
  const byFact = new Map<string, MailDefinition>();
  for (const mail of mails) {
    if (byFact.has(mail.fact)) throw new TypeError(`two mails have the same fact: ${mail.fact}`);
    byFact.set(mail.fact, mail);
  }
  return {
    types: [...byFact.keys()],
    handle: async (message, given) => {
      try {
        const recorded = given ?? (await readPointed(deps.eventLog, message.pointer));
        if (typeof recorded === 'string') return recorded;
        const mail = recorded.id === message.eventId ? byFact.get(currentType(recorded.type) ?? '') : undefined;
        return mail === undefined ? 'dead' : await deliver(deps, mail, message, recorded);
      } catch (error) {
        if (!isOutage(error)) throw error;
        deps.log.warn('mail waits for a dependency', { eventId: message.eventId, error });
        return 'later';
      }
    },
  };
};

const deliver = async (
  deps: MailDeps,
  mail: MailDefinition,
  { eventId, correlationId }: Message,
  recorded: RecordedEvent,
): Promise<MessageOutcome> => {
  const id = parseStream(recorded.stream)?.id;
  if (id === undefined) return 'dead';
  const subjects = (await mail.subjects?.(deps, id, recorded)) ?? [id];
  if (subjects === 'dead') return 'dead';
  if (subjects.length === 0) deps.count('ended');
  const outcomes: MessageOutcome[] = [];
  for (const about of subjects) {
    const compose = async () => unlessBlocked(deps, await mail.compose(deps, about, recorded));
    const outcome = await deliverOnce(deps, { eventId, about, correlationId }, compose);
    if (outcome !== 'later') await mail.cleanUp?.(deps, about);
    outcomes.push(outcome);
  }
  return outcomes.find((outcome) => outcome === 'later') ?? outcomes.find((outcome) => outcome === 'dead') ?? 'done';
};
