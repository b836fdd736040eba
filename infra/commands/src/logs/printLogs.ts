import { setTimeout as sleep } from 'node:timers/promises';
import type { LogStore } from '@ums/kit/log-search/logStore';
import { formatLine } from './formatLine.js';
import { type LogQuery, MAX_LIMIT } from './logQuery.js';

export interface PrintOptions {
  print: (text: string) => void;
  /** Ends following. */
  signal: AbortSignal;
  /** @default 1 s */
  pollMs?: number;
}

/** A line that arrives later than this after newer ones is not followed. */
const LATE_MS = 60_000;

/** Prints the lines of a query, then, if it follows, those that arrive later. @returns a summary */
export const printLogs = async (
  store: Pick<LogStore, 'search'>,
  query: LogQuery,
  { print, signal, pollMs = 1_000 }: PrintOptions,
): Promise<string> => {
  const { follow, limit, ...filter } = query;
  const { lines, total } = await store.search({ ...filter, limit: follow ? MAX_LIMIT : limit });
  const newest = lines.slice(-limit);
  for (const { line } of newest) print(formatLine(line));
  let count = newest.length;
  let seen = new Set(lines.map(({ id }) => id));
  let last = lines.at(-1)?.time ?? Date.now();
  while (follow && (await waited(pollMs, signal))) {
    const since = Math.max(last - LATE_MS, filter.since ?? 0);
    const found = (await store.search({ ...filter, since, limit: MAX_LIMIT })).lines;
    const fresh = found.filter(({ id }) => !seen.has(id));
    for (const { line } of fresh) print(formatLine(line));
    count += fresh.length;
    seen = new Set(found.map(({ id }) => id));
    last = found.at(-1)?.time ?? last;
  }
  const shown = count === 1 ? '1 line' : `${count} lines`;
  return follow || total === newest.length ? `${shown}.` : `${shown}; ${total - count} older ones match, see --limit.`;
};

const waited = async (ms: number, signal: AbortSignal): Promise<boolean> => {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
  return !signal.aborted;
};
