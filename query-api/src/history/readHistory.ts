import type { Sight } from '@ums/contracts/history/sight';
import type { HistoryPage } from '@ums/contracts/http/history';
import { accessStream, signinStream } from '@ums/contracts/streams';
import { historyEntry } from '@ums/identity/history/historyEntry';
import type { EventLog } from '@ums/kit/event-log/eventLog';
import type { HistoryRequest } from './historyRequest.js';
import { mergedPage } from './mergedPage.js';
import { readAccount, readOthers } from './readEntries.js';

/**
 * Reads a page of a user's history from the event log.
 *
 * @param sightFor called once the user is known to exist.
 * @returns `undefined` when no such user ever existed.
 * @throws LogUnavailable, Undecodable, SealBroken
 */
export const readHistory = async (
  eventLog: EventLog,
  userId: string,
  request: HistoryRequest,
  sightFor: () => Promise<Sight>,
): Promise<HistoryPage | undefined> => {
  const reading = request.streams.flatMap((stream) =>
    stream === 'user' ? [] : [readOthers(eventLog, STREAM_NAMES[stream](userId), stream, request)],
  );
  const [account, ...others] = await Promise.all([readAccount(eventLog, userId, request), ...reading]);
  if (account === undefined) return undefined;
  const { entries, previous, next } = mergedPage([...account, ...others.flat()], request);
  const view = { userId, sight: await sightFor() };
  return { items: entries.map((entry) => historyEntry(entry, view)), previous, next };
};

const STREAM_NAMES = { signin: signinStream, access: accessStream };
