import type { KeyObject } from 'node:crypto';
import { profileSteps } from '@ums/contracts/history/profileSteps';
import type { Sight } from '@ums/contracts/history/sight';
import type { HistoryEntry } from '@ums/contracts/http/history';
import type { UserProfile } from '@ums/contracts/reducers/userProfile';
import { decode } from '@ums/contracts/stored/stored';
import { accessStream, signinStream, userStream } from '@ums/contracts/streams';
import { type FoundEntry, type HistoryStream, historyEntry } from '@ums/identity/history/historyEntry';
import { streamChunks } from '@ums/identity/history/streamChunks';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import { openWith } from '@ums/kit/sealing/sealing';

type ReadPart = Pick<EventLog, 'readPart'>;

/** An entry as in `GET /user/history`, and what the event holds. */
export interface HistoryItem extends HistoryEntry {
  /** The fields of the event in clear; `null` for a type that this version does not know. */
  data: object | null;
}

/**
 * Everything that happened to a user, to the user's sessions, and who read about them, oldest first, in clear. A page of each
 * stream is in memory at a time.
 *
 * @throws LogUnavailable, Undecodable, SealBroken
 */
export async function* historyItems(eventLog: ReadPart, userId: string, key: KeyObject): AsyncGenerator<HistoryItem> {
  // Without a memory of what it has opened: that would grow with the history.
  const open: Sight['open'] = ({ place, sealed }) => openWith(key, place, sealed);
  const view = { userId, sight: { isMasked: false, open } };
  const streams = [
    accountEntries(eventLog, userId),
    otherEntries(eventLog, signinStream(userId), 'signin'),
    otherEntries(eventLog, accessStream(userId), 'access'),
  ];
  for await (const found of inOrder(streams)) yield { ...historyEntry(found, view), data: dataOf(found, key) };
}

/** The hash of a password is nothing that its owner could use, but somebody who finds the file could. */
const dataOf = ({ recorded }: FoundEntry, key: KeyObject): object | null => {
  const fact = decode(recorded, (place, sealed) => openWith(key, place, sealed));
  if (fact === undefined) return null;
  const { passwordHash: _, ...data } = { passwordHash: undefined, ...fact.data };
  return data;
};

async function* accountEntries(eventLog: ReadPart, userId: string): AsyncGenerator<FoundEntry> {
  let profile: UserProfile | undefined;
  for await (const events of streamChunks(eventLog, userStream(userId)))
    for (const step of profileSteps(events, profile)) {
      profile = step.after;
      yield { stream: 'user', recorded: step.recorded, step };
    }
}

async function* otherEntries(eventLog: ReadPart, name: string, stream: HistoryStream): AsyncGenerator<FoundEntry> {
  for await (const events of streamChunks(eventLog, name)) for (const recorded of events) yield { stream, recorded };
}

/** Merges streams by position, which is the order in which the log took the events. */
async function* inOrder(streams: readonly AsyncGenerator<FoundEntry>[]): AsyncGenerator<FoundEntry> {
  const heads = await Promise.all(streams.map(async (stream) => ({ stream, next: await stream.next() })));
  for (;;) {
    const left = heads.filter(({ next }) => next.done !== true);
    const [first, ...others] = left;
    if (first === undefined) return;
    const oldest = others.reduce((a, b) => (positionOf(b.next) < positionOf(a.next) ? b : a), first);
    yield oldest.next.value as FoundEntry;
    oldest.next = await oldest.stream.next();
  }
}

const positionOf = ({ value }: IteratorResult<FoundEntry>): bigint => (value as FoundEntry).recorded.position;
