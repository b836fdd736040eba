import { expect } from '@jest/globals';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { parseStream } from '@ums/contracts/streams';

/** A record as a topic holds it. Records of one key are in the order of their partition. */
export interface TopicRecord {
  topic: string;
  key: string;
  value: string | null;
  headers: Readonly<Record<string, string>>;
}

/** What the publisher must have made of a log, computed beside its code. */
interface Expected {
  log: readonly RecordedEvent[];
  /** The users that are left, as `appendRandomHistory` returns them. */
  users: readonly { user_id: string; status: string; roles: readonly string[] }[];
}

/**
 * Checks that no event is missing, that the events of each key are in the order of the log, that a repeat equals the first
 * record, and that the last state of each user is that of the log.
 */
export const expectPublished = (records: readonly TopicRecord[], { log, users }: Expected): void => {
  const streams = log.filter(({ stream }) => parseStream(stream) !== undefined);
  const userEvents = streams.filter(({ stream }) => stream.startsWith('user-'));
  expect(idsByKey(withoutRepeats(inTopic(records, 'users.events.v1')))).toEqual(idsByStream(userEvents));
  expect(idsByKey(withoutRepeats(inTopic(records, 'users.work.v1')))).toEqual(idsByStream(streams));

  const last = new Map(inTopic(records, 'users.state.v1').map((record) => [record.key, record]));
  const revisions = new Map(userEvents.map(({ stream, revision }) => [stream.slice('user-'.length), String(revision)]));
  expect(new Map([...last].map(([key, { headers }]) => [key, headers.ce_revision]))).toEqual(revisions);
  const states = [...last].flatMap(([, { value }]) => (value === null ? [] : [JSON.parse(value)]));
  expect(new Map(states.map(({ userId, status, roles }) => [userId, { status, roles }]))).toEqual(
    new Map(users.map(({ user_id, status, roles }) => [user_id, { status, roles }])),
  );
};

/** The records about streams of a log, among those of a broker that several tests share. */
export const recordsOfLog = (records: readonly TopicRecord[], log: readonly RecordedEvent[]): TopicRecord[] => {
  const keys = new Set(log.map(({ stream }) => parseStream(stream)?.id));
  return records.filter(({ key }) => keys.has(key));
};

export const inTopic = (records: readonly TopicRecord[], topic: string): TopicRecord[] =>
  records.filter((record) => record.topic === topic);

/** The first record of each event. @throws when a later one differs */
const withoutRepeats = (records: readonly TopicRecord[]): TopicRecord[] => {
  const first = new Map<string, TopicRecord>();
  for (const record of records) {
    const id = record.headers.ce_id as string;
    expect(record).toEqual(first.get(id) ?? record);
    if (!first.has(id)) first.set(id, record);
  }
  return [...first.values()];
};

const idsByKey = (records: readonly TopicRecord[]): Map<string, string[]> => {
  const ids = new Map<string, string[]>();
  for (const { key, headers } of records) ids.set(key, [...(ids.get(key) ?? []), headers.ce_id as string]);
  return ids;
};

/** Streams of one id, such as `user-` and `signin-` of a user, share a key. */
const idsByStream = (events: readonly RecordedEvent[]): Map<string, string[]> =>
  idsByKey(
    events.map(({ id, stream }) => ({
      topic: '',
      key: parseStream(stream)?.id as string,
      value: null,
      headers: { ce_id: id },
    })),
  );
