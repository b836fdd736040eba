import type { KeyObject } from 'node:crypto';
import type { Fact, RecordedEvent } from '@ums/contracts/events/event';
import { isErased, type Personal } from '@ums/contracts/personal';
import { currentType, decode } from '@ums/contracts/stored/stored';
import { userStream } from '@ums/contracts/streams';
import { streamChunks } from '@ums/identity/history/streamChunks';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { Query } from '@ums/kit/postgres/guardedQuery';
import { openWith } from '@ums/kit/sealing/sealing';
import type { ExportedUser } from './exportedUser.js';

/** What a mail was for. */
export type MailPurpose =
  | 'registration-confirmation'
  | 'email-change-confirmation'
  | 'email-change-notice'
  | 'email-changed'
  | 'other';

/** A mail whose record is still kept. */
export interface MailItem {
  purpose: MailPurpose;
  /** Where it went; `null` if the event that caused it names no address. */
  address: string | null;
  /** `null` for a mail to an address that the user asked for and has not confirmed. */
  state: MailRow['state'] | null;
  /** When it got this state; `null` where the state is. */
  at: string | null;
}

interface MailRow {
  event_id: string;
  about: string;
  state: 'claimed' | 'sending' | 'sent' | 'skipped' | 'dead' | 'unknown';
  at: Date;
}

export interface MailDeps {
  eventLog: Pick<EventLog, 'readPart'>;
  /** Of the records of mails. */
  readUsers: Query;
}

/**
 * The mails that were caused by a user's registration and changes of the address. The records name no template: it would tell
 * whether an address that the user typed belongs to somebody else. So would the state: a mail to an address that is blocked, and
 * hence has an account, is skipped. Therefore the state of a mail to a new address is told once the user has confirmed the address,
 * and the order is that of the events, not that in which mails were sent.
 *
 * @throws LogUnavailable, DependencyUnavailable, Undecodable, SealBroken
 */
export async function* mailItems(
  { eventLog, readUsers }: MailDeps,
  { userId, registrationId, key }: Pick<ExportedUser, 'userId' | 'registrationId' | 'key'>,
): AsyncGenerator<MailItem> {
  const confirmed = await confirmedChanges(eventLog, userId);
  for await (const events of streamChunks(eventLog, userStream(userId))) {
    const facts = events.flatMap((event) => causeOf(event, key));
    for (const fact of facts)
      if (fact.type === 'UserRegistered')
        for (const row of await mailsAbout(readUsers, registrationId))
          yield mailItem(row, 'registration-confirmation', fact.data.email);
    const rows = facts.length === 0 ? [] : await mailsOf(readUsers, facts);
    for (const fact of facts)
      for (const row of rows)
        if (row.event_id === fact.id) {
          const item = mailItem(row, ...purposeOf(row, fact));
          yield isUnproven(row, fact, confirmed) ? { ...item, state: null, at: null } : item;
        }
  }
}

type MailCause = Extract<Fact, { type: 'UserRegistered' | 'EmailChangeRequested' | 'EmailChanged' }>;

const CAUSES: ReadonlySet<string> = new Set<MailCause['type']>([
  'UserRegistered',
  'EmailChangeRequested',
  'EmailChanged',
]);

/** The fact of an event, if it is one of those that cause mails. */
const causeOf = (recorded: RecordedEvent, key: KeyObject): MailCause[] => {
  if (!CAUSES.has(currentType(recorded.type) ?? '')) return [];
  const fact = decode(recorded, (place, sealed) => openWith(key, place, sealed));
  return fact === undefined ? [] : [fact as MailCause];
};

/** The ids of the changes whose address the user has confirmed. */
const confirmedChanges = async (eventLog: MailDeps['eventLog'], userId: string): Promise<ReadonlySet<unknown>> => {
  const ids = new Set<unknown>();
  for await (const events of streamChunks(eventLog, userStream(userId)))
    for (const { type, data } of events)
      if (currentType(type) === 'EmailChanged') ids.add((data as { changeId?: unknown }).changeId);
  return ids;
};

/** Whether the mail went to an address that may be another person's. */
const isUnproven = (row: MailRow, fact: MailCause, confirmed: ReadonlySet<unknown>): boolean =>
  fact.type === 'EmailChangeRequested' && row.about === fact.data.changeId && !confirmed.has(row.about);

const purposeOf = (row: MailRow, fact: MailCause): [MailPurpose, Personal | null] => {
  if (fact.type === 'EmailChanged') return ['email-changed', fact.data.previousEmail];
  if (fact.type !== 'EmailChangeRequested') return ['other', null];
  return row.about === fact.data.changeId
    ? ['email-change-confirmation', fact.data.email]
    : ['email-change-notice', fact.data.currentEmail];
};

const mailItem = ({ state, at }: MailRow, purpose: MailPurpose, address: Personal | null): MailItem => ({
  ...{ purpose, address: address === null || isErased(address) ? null : address },
  ...{ state, at: at.toISOString() },
});

const mailsOf = (readUsers: Query, facts: readonly MailCause[]): Promise<MailRow[]> =>
  readUsers<MailRow>({
    name: 'mails-of-events',
    text: 'select event_id, about, state, at from notifier.mail where event_id = any($1::uuid[]) order by about',
    values: [facts.map(({ id }) => id)],
  });

const mailsAbout = (readUsers: Query, about: string): Promise<MailRow[]> =>
  readUsers<MailRow>({
    name: 'mails-about-one',
    text: 'select event_id, about, state, at from notifier.mail where about = $1 order by at, event_id',
    values: [about],
  });
