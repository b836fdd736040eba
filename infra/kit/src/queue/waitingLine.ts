/** Whose work it is. Purposes and sources of requests take turns. */
export interface Turn {
  purpose: string;
  source: string;
}

export interface WaitingLine<T> {
  /** @returns what found no place: nothing, the newcomer, or one that waited and gives way to it. */
  join(turn: Turn, item: T): T | undefined;
  /** Removes and returns the next in turn of those that may start; `undefined` when there is none. */
  next(mayStart?: (turn: Turn) => boolean): T | undefined;
  /** Removes and returns all that wait. */
  clear(): T[];
}

const KINDS = ['source', 'purpose'] as const;

/**
 * A bounded line in which sources and purposes take turns, so that neither a flood from one source nor a flood on one route
 * holds up the others: by turns, the source served longest ago comes next, and the purpose served longest ago; equals in
 * order of arrival.
 *
 * One source takes at most half of the places. When all are taken, the newest of the source that waits most often gives way
 * to a source that waits less often, so that several sources cannot fill the line together either (longest queue drop:
 * Suter et al., "Design Considerations for Supporting TCP with Per-flow Queueing", 1998).
 */
export const waitingLine = <T>(places: number): WaitingLine<T> => {
  type Entry = Turn & { item: T };
  const most = Math.max(1, Math.floor(places / 2));
  /** When each source and each purpose in the line last had its turn or, if it had none, joined. */
  const turns = { source: new Map<string, number>(), purpose: new Map<string, number>() };
  let line: Entry[] = [];
  let time = 0;
  let sourcesFirst = false;

  const remove = (entry: Entry): T => {
    line = line.filter((other) => other !== entry);
    for (const kind of KINDS) if (!line.some((other) => other[kind] === entry[kind])) turns[kind].delete(entry[kind]);
    return entry.item;
  };

  const waitingOf = (source: string): Entry[] => line.filter((entry) => entry.source === source);

  /** The newest entry of the source with the most entries. */
  const longest = (): Entry[] =>
    [...turns.source.keys()].map(waitingOf).reduce((a, b) => (b.length > a.length ? b : a), []);

  const displaceFor = (own: number): T | undefined => {
    const entries = longest();
    const newest = entries.at(-1);
    return newest !== undefined && entries.length > own + 1 ? remove(newest) : undefined;
  };

  return {
    join: (turn, item) => {
      const own = waitingOf(turn.source).length;
      if (own >= most) return item;
      const displaced = line.length < places ? undefined : displaceFor(own);
      if (line.length >= places) return item;
      for (const kind of KINDS) if (!turns[kind].has(turn[kind])) turns[kind].set(turn[kind], ++time);
      line.push({ ...turn, item });
      return displaced;
    },
    next: (mayStart = () => true) => {
      const [head, ...others] = line.filter(mayStart);
      if (head === undefined) return undefined;
      sourcesFirst = !sourcesFirst;
      const [first, second] = sourcesFirst ? KINDS : ([KINDS[1], KINDS[0]] as const);
      const turnOf = (kind: (typeof KINDS)[number], entry: Entry) => turns[kind].get(entry[kind]) ?? 0;
      const chosen = others.reduce((a, b) => {
        const earlier = turnOf(first, b) - turnOf(first, a) || turnOf(second, b) - turnOf(second, a);
        return earlier < 0 ? b : a;
      }, head);
      for (const kind of KINDS) turns[kind].set(chosen[kind], ++time);
      return remove(chosen);
    },
    clear: () => {
      const items = line.map(({ item }) => item);
      line = [];
      for (const kind of KINDS) turns[kind].clear();
      return items;
    },
  };
};
