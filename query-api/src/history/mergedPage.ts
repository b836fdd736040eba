import type { FoundEntry, HistoryStream } from '@ums/identity/history/historyEntry';
import { type Boundary, formatBoundary } from './historyCursor.js';
import type { HistoryRequest } from './historyRequest.js';

/** The entries of a page in the order that was asked for, and the cursors of the pages around it. */
export interface MergedPage {
  entries: FoundEntry[];
  previous: string | null;
  next: string | null;
}

/**
 * Merges what was found in each stream in order of the positions, which is the order in which the log took the events: no two
 * are alike, and a new event has the highest one.
 *
 * @param found entries of each stream in the direction of reading: up to one more than the page takes.
 */
export const mergedPage = (found: readonly FoundEntry[], request: HistoryRequest): MergedPage => {
  const { limit, order, isTowardsOlder, from, streams } = request;
  const merged = [...found].sort((a, b) => {
    const isBefore = a.recorded.position < b.recorded.position;
    return isBefore === isTowardsOlder ? 1 : -1;
  });
  const taken = merged.slice(0, limit);
  const near = from ?? endOf(found, request);
  const onward = merged.length > limit ? formatBoundary(placeBehind(taken, near, request), streams) : null;
  const back = from === undefined ? null : formatBoundary(near, streams);
  return (order === 'desc') === isTowardsOlder
    ? { entries: taken, previous: back, next: onward }
    : { entries: taken.reverse(), previous: onward, next: back };
};

/** The end of the history that the first page begins at. */
const endOf = (found: readonly FoundEntry[], { streams, isTowardsOlder }: HistoryRequest): Boundary =>
  placeOf(streams, (stream) => {
    const newest = found.find((entry) => entry.stream === stream)?.recorded.revision;
    return isTowardsOlder && newest !== undefined ? newest + 1n : 0n;
  });

/** The place behind the entries of a page, in the direction of reading. */
const placeBehind = (taken: readonly FoundEntry[], near: Boundary, { streams, isTowardsOlder }: HistoryRequest) =>
  placeOf(streams, (stream) => {
    const last = taken.findLast((entry) => entry.stream === stream)?.recorded.revision;
    if (last === undefined) return near[stream] ?? 0n;
    return isTowardsOlder ? last : last + 1n;
  });

const placeOf = (streams: readonly HistoryStream[], countOf: (stream: HistoryStream) => bigint): Boundary =>
  Object.fromEntries(streams.map((stream) => [stream, countOf(stream)]));
