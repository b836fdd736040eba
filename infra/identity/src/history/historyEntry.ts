import type { RecordedEvent } from '@ums/contracts/events/event';
import { profileChanges } from '@ums/contracts/history/profileChanges';
import type { ProfileStep } from '@ums/contracts/history/profileSteps';
import { referTo } from '@ums/contracts/history/sealedReference';
import { MASKED, type Sight, seen } from '@ums/contracts/history/sight';
import type { HistoryEntry } from '@ums/contracts/http/history';
import { sourceSubject } from '@ums/contracts/metadata';
import { readMetadata } from '@ums/contracts/stored/readMetadata';
import { currentType, decode } from '@ums/contracts/stored/stored';
import { subjectOf } from '@ums/contracts/streams';

/** The streams that a history is made of: the account, its sessions, and who read it. */
export type HistoryStream = HistoryEntry['stream'];

/** An event of a history, and what it did to the profile if it is one of the account. */
export interface FoundEntry {
  stream: HistoryStream;
  recorded: RecordedEvent;
  step?: ProfileStep;
}

/** What an event is shown as to a reader of a user's history. */
export interface EntryView {
  userId: string;
  sight: Sight;
}

/** @throws Undecodable, SealBroken */
export const historyEntry = (found: FoundEntry, view: EntryView): HistoryEntry => {
  const { stream, recorded, step } = found;
  const { actor, at, $correlationId } = readMetadata(recorded);
  return {
    stream,
    revision: Number(recorded.revision),
    position: String(recorded.position),
    eventId: recorded.id,
    type: currentType(recorded.type) ?? recorded.type,
    at,
    actor: { kind: actor.kind, id: actor.id ?? null },
    reason: reasonOf(found, view),
    correlationId: $correlationId,
    source: sourceOf(found, view),
    changes: step === undefined ? [] : profileChanges(step, view.sight),
    ...detailsOf(found),
  };
};

/** A part of the metadata that is sealed for the user. */
const sealedPart = (
  { recorded }: FoundEntry,
  { userId, sight }: EntryView,
  name: 'reason' | 'source',
  sealed: string,
) => {
  const place = { subject: userId, storedType: recorded.type, eventId: recorded.id, field: `metadata.${name}` };
  return seen({ place, sealed }, sight);
};

const reasonOf = (found: FoundEntry, view: EntryView): HistoryEntry['reason'] => {
  const { reason } = readMetadata(found.recorded);
  return reason === undefined ? null : sealedPart(found, view, 'reason', reason);
};

/** Where another person was when they acted is not the user's to see, nor that of a reader who has a grant for the user. */
const sourceOf = (found: FoundEntry, view: EntryView): HistoryEntry['source'] => {
  const { source, actor } = readMetadata(found.recorded);
  if (source === undefined) return null;
  if (sourceSubject(actor, subjectOf(found.recorded.stream, found.recorded.data)) !== view.userId) return MASKED;
  const text = sealedPart(found, view, 'source', source);
  return typeof text === 'string' ? (JSON.parse(text) as { ip: string; userAgent: string }) : text;
};

const detailsOf = ({ stream, recorded }: FoundEntry): Pick<HistoryEntry, 'session' | 'read'> => {
  const fact = stream === 'user' ? undefined : decode(recorded, referTo);
  switch (fact?.type) {
    case 'SessionStarted':
      return { session: { id: fact.data.sessionId, ended: null } };
    case 'SessionEnded':
      return { session: { id: fact.data.sessionId, ended: fact.data.reason } };
    case 'HistoryRead': {
      const { asked, grantId, reads } = fact.data;
      return { read: { asked, grantId, reads } };
    }
    default:
      return {};
  }
};
