import { withTimeout } from '../withTimeout.js';
import type { EventLog } from './eventLog.js';

type ReadAll = EventLog['readAll'];

/** The positions of a part of a log that was read without a gap: all after `after`, exclusive, up to the last of them. */
interface ReadPart {
  after: bigint | undefined;
  positions: bigint[];
}

interface Held {
  part: ReadPart | undefined;
  /** The last read that a follower has begun, while it is in progress. Does not fail. */
  reading: Promise<void> | undefined;
}

export interface SharedPositions extends Pick<EventLog, 'positions' | 'readAll'> {
  /**
   * Forgets what was read. To be called when a connection to the log was lost: another log, or one that was truncated or restored,
   * may answer next.
   */
  forget(): void;
}

/** What this process holds, by the URL of the log. */
const held = new Map<string, Held>();

const PAGE = 1_000;
/** Half as many again are held before the oldest are dropped. A follower checks after as many events, or little more. */
const MOST_HELD = 10_000;
/** A follower waits for the read of another one for so long: that one's connection may hang. */
const JOIN_MS = 200;

/**
 * The reads with which the followers of a process check what a subscription has delivered. What one of them has read, or what was
 * read through the returned `readAll` and adjoins, the others need not read: a log has a fixed order, and nothing is put in later.
 * Only positions are held.
 *
 * @param url key of the log; followers with one URL share.
 */
export const sharedPositions = (url: string, readAll: ReadAll): SharedPositions => {
  const forget = (): void => void held.delete(url);

  /** Fills only what was held when the read began. */
  const readInto = async (state: Held | undefined, after: bigint | undefined, limit: number): ReturnType<ReadAll> => {
    const page = await readAll(after, limit);
    if (state?.part !== undefined) remember(state.part, after, positionsOf(page));
    return page;
  };

  const readNext = async (state: Held, after: bigint | undefined): Promise<bigint[]> => {
    const page = readInto(state, after, PAGE);
    const reading = page
      .then(() => undefined, forget)
      .finally(() => {
        if (state.reading === reading) state.reading = undefined;
      });
    state.reading = reading;
    return positionsOf(await page);
  };

  const positions: EventLog['positions'] = async (after, upTo) => {
    const { part, reading } = held.get(url) ?? {};
    if (reading !== undefined && !covers(part, after, upTo)) await withTimeout(JOIN_MS, reading).catch(() => undefined);
    const state = held.get(url) ?? { part: undefined, reading: undefined };
    held.set(url, state);
    if (state.part === undefined || !reaches(state.part, after)) state.part = { after, positions: [] };
    const known = between(state.part.positions, after, upTo);
    const read = await pagesTo(upTo, endOf(state.part), (end) => readNext(state, end));
    if (held.get(url) === state) return [...known, ...read];
    // Not once more with the others: each read that fails would begin it anew.
    return pagesTo(upTo, after, async (end) => positionsOf(await readAll(end, PAGE)));
  };

  return { readAll: (after, limit) => readInto(held.get(url), after, limit), positions, forget };
};

/** The positions from a place on (exclusive) up to another one, page by page. */
const pagesTo = async (
  upTo: bigint,
  from: bigint | undefined,
  next: (end: bigint | undefined) => Promise<bigint[]>,
): Promise<bigint[]> => {
  const found: bigint[] = [];
  for (let end = from; end === undefined || end < upTo; ) {
    const page = await next(end);
    found.push(...page.filter((position) => position <= upTo));
    if (page.length < PAGE) break;
    end = page.at(-1);
  }
  return found;
};

const positionsOf = (page: Awaited<ReturnType<ReadAll>>): bigint[] => page.map(({ position }) => position);

/** Takes over what the part does not reach, if nothing is missing between the two. */
const remember = (part: ReadPart, after: bigint | undefined, page: readonly bigint[]): void => {
  if (!reaches(part, after)) return;
  const end = endOf(part);
  for (const position of page) if (end === undefined || position > end) part.positions.push(position);
  const excess = part.positions.length - MOST_HELD;
  if (excess < MOST_HELD / 2) return;
  part.after = part.positions[excess - 1];
  part.positions.splice(0, excess);
};

const endOf = ({ after, positions }: ReadPart): bigint | undefined => positions.at(-1) ?? after;

/** Whether the part has all that was read after a position. */
const reaches = (part: ReadPart, after: bigint | undefined): boolean => {
  if (after === undefined) return part.after === undefined;
  const end = endOf(part);
  return (part.after === undefined || after >= part.after) && end !== undefined && after <= end;
};

const covers = (part: ReadPart | undefined, after: bigint | undefined, upTo: bigint): boolean =>
  part !== undefined && reaches(part, after) && (endOf(part) ?? -1n) >= upTo;

/** Looks from the end, because a follower asks for the newest ones. */
const between = (positions: readonly bigint[], after: bigint | undefined, upTo: bigint): bigint[] => {
  const start = after === undefined ? 0 : positions.findLastIndex((position) => position <= after) + 1;
  return positions.slice(start, positions.findLastIndex((position) => position <= upTo) + 1);
};
