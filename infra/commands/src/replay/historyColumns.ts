import type { HistoryEntry } from '@ums/contracts/http/history';
import { type Columns, member } from './recordFormat.js';
import { shownValue } from './shownValue.js';

const position = member<HistoryEntry>('position', 20);
const at = member<HistoryEntry>('at', 24);
const type = member<HistoryEntry>('type', 26);
const actorKind = { name: 'actorKind', width: 9, value: ({ actor }: HistoryEntry) => actor.kind };
const actorId = { name: 'actorId', width: 36, value: ({ actor }: HistoryEntry) => actor.id };
const reason = { name: 'reason', value: (entry: HistoryEntry) => shownValue(entry.reason) };
const source = { name: 'source', value: (entry: HistoryEntry) => shownValue(entry.source) };

const json = (name: 'changes' | 'session' | 'read') => ({
  name,
  value: (entry: HistoryEntry) => (entry[name] === undefined ? null : JSON.stringify(entry[name])),
});

/** What happened, for people: which fields changed and how, the session, or what was read. */
const what = {
  name: 'what',
  width: 0,
  value: ({ changes, session, read }: HistoryEntry) =>
    [
      ...changes.map(({ field, before, after }) =>
        field === 'password' ? field : `${field}: ${shownValue(before) ?? '-'} -> ${shownValue(after) ?? '-'}`,
      ),
      ...(session === undefined ? [] : [`session ${session.id}${session.ended === null ? '' : ` (${session.ended})`}`]),
      ...(read === undefined ? [] : [`${read.asked}, ${read.reads} reads`]),
    ].join('; '),
};

export const HISTORY_COLUMNS: Columns<HistoryEntry> = {
  csv: [
    ...[position, member<HistoryEntry>('stream'), member<HistoryEntry>('revision'), member<HistoryEntry>('eventId')],
    ...[type, at, actorKind, actorId, reason, member<HistoryEntry>('correlationId'), source],
    ...[json('session'), json('read'), json('changes')],
  ],
  table: [position, at, type, actorKind, actorId, what],
};
