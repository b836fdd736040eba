import type { EventLog } from './eventLog.js';

type ReadAll = EventLog['readAll'];

/** The positions of a part of a log that was read without a gap: all after `after`, exclusive, up to the last of them. */
interface ReadPart {
  after: bigint | undefined;
  positions: bigint[];
}

interface Shared {
  part: ReadPart | undefined;
  /** The last read that `positions` has begun, while it is in progress. */
  reading: { after: bigint | undefined; page: ReturnType<ReadAll> } | undefined;
}

/** What this process has read, by the URL of the log. */
const shared = new Map<string, Shared>();

const PAGE = 1_000;
/** A follower checks at the latest after as many events. Half as many again are held before the oldest are dropped. */
const MOST_HELD = 10_000;

/**
 * The reads with which the followers of a process check what a subscription has delivered. An event that was read once, by any of
 * them or through the returned `readAll`, is not read again: the log has a fixed order, and nothing is ever put in later. Only
 * positions are kept.
 *
 * @param url key of the log; followers with one URL share.
 */
export const sharedPositions = (url: string, readAll: ReadAll): Pick<EventLog, 'readAll' | 'positions'> => {
  const state = shared.get(url) ?? { part: undefined, reading: undefined };
  shared.set(url, state);

  /** Takes over what the newest part does not reach, if nothing is missing between the two. */
  const remember = (after: bigint | undefined, page: Awaited<ReturnType<ReadAll>>): void => {
    const { part } = state;
    if (part === undefined || !reaches(part, after)) return;
    const end = endOf(part);
    for (const { position } of page) if (end === undefined || position > end) part.positions.push(position);
    const excess = part.positions.length - MOST_HELD;
    if (excess < MOST_HELD / 2) return;
    part.after = part.positions[excess - 1];
    part.positions.splice(0, excess);
  };

  const read: ReadAll = async (after, limit) => {
    const page = await readAll(after, limit);
    remember(after, page);
    return page;
  };

  /** If the read of another follower fails, this one reads on its own connection. */
  const readShared = (after: bigint | undefined): ReturnType<ReadAll> => {
    const { reading } = state;
    if (reading !== undefined && reading.after === after) return reading.page.catch(() => read(after, PAGE));
    const own = { after, page: read(after, PAGE) };
    state.reading = own;
    const end = (): void => {
      if (state.reading === own) state.reading = undefined;
    };
    own.page.then(end, end);
    return own.page;
  };

  const positions: EventLog['positions'] = async (after, upTo) => {
    if (state.part === undefined || !reaches(state.part, after)) state.part = { after, positions: [] };
    const found = between(state.part.positions, after, upTo);
    for (let end = endOf(state.part); end === undefined || end < upTo; ) {
      // A read that was in progress may have begun before the newest events were appended.
      const isOwn = state.reading === undefined || state.reading.after !== end;
      const page = (await readShared(end)).map(({ position }) => position);
      found.push(...between(page, after, upTo));
      if (isOwn && page.length < PAGE) break;
      end = page.at(-1) ?? end;
    }
    return found;
  };

  return { readAll: read, positions };
};

const endOf = ({ after, positions }: ReadPart): bigint | undefined => positions.at(-1) ?? after;

/** Whether the part has all that was read after a position. */
const reaches = (part: ReadPart, after: bigint | undefined): boolean => {
  if (part.after !== undefined && (after === undefined || after < part.after)) return false;
  const end = endOf(part);
  return after === undefined || (end !== undefined && after <= end) || after === part.after;
};

/** Looks from the end, because a follower asks for the newest ones. */
const between = (positions: readonly bigint[], after: bigint | undefined, upTo: bigint): bigint[] => {
  const start = after === undefined ? 0 : positions.findLastIndex((position) => position <= after) + 1;
  return positions.slice(start, positions.findLastIndex((position) => position <= upTo) + 1);
};
