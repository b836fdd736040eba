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
  state: MailRow['state'];
  /** When it got this state. */
  at: string;
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
 * whether an address that the user typed belongs to somebody else.
 *
 * @throws LogUnavailable, DependencyUnavailable, Undecodable, SealBroken
 */
export async function* mailItems(
  { eventLog, readUsers }: MailDeps,
  { userId, registrationId, key }: Pick<ExportedUser, 'userId' | 'registrationId' | 'key'>,
): AsyncGenerator<MailItem> {
  for await (const events of streamChunks(eventLog, userStream(userId))) {
    const facts = events.flatMap((event) => causeOf(event, key));
    for (const fact of facts)
      if (fact.type === 'UserRegistered')
        for (const row of await mailsAbout(readUsers, registrationId))
          yield mailItem(row, 'registration-confirmation', fact.data.email);
    const rows = facts.length === 0 ? [] : await mailsOf(readUsers, facts);
    for (const row of rows) yield mailItem(row, ...purposeOf(row, facts));
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

const purposeOf = (row: MailRow, facts: readonly MailCause[]): [MailPurpose, Personal | null] => {
  const fact = facts.find(({ id }) => id === row.event_id);
  if (fact?.type === 'EmailChanged') return ['email-changed', fact.data.previousEmail];
  if (fact?.type !== 'EmailChangeRequested') return ['other', null];
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
    text: 'select event_id, about, state, at from notifier.mail where event_id = any($1::uuid[]) order by at, about',
    values: [facts.map(({ id }) => id)],
  });

const mailsAbout = (readUsers: Query, about: string): Promise<MailRow[]> =>
  readUsers<MailRow>({
    name: 'mails-about-one',
    text: 'select event_id, about, state, at from notifier.mail where about = $1 order by at, event_id',
    values: [about],
  });
