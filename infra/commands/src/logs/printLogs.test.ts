import { describe, expect, it } from '@jest/globals';
import type { FoundLine, FoundLines } from '@ums/kit/log-search/searchLogs';
import { printLogs } from './printLogs.js';

const found = (id: number, time = id): FoundLine => ({ id: `p-${id}`, time, line: { msg: `line ${id}` } });

/** A store that answers each search with the next of the results; after the last one, following ends. */
const storeOf = (...results: FoundLines[]) => {
  const searches: object[] = [];
  const ended = new AbortController();
  const printed: string[] = [];
  return {
    store: {
      search: async (filter: object) => {
        searches.push(filter);
        const result = results.shift() ?? { lines: [], total: 0 };
        if (results.length === 0) ended.abort();
        return result;
      },
    },
    options: { print: (text: string) => void printed.push(text.trim()), signal: ended.signal, pollMs: 1 },
    searches,
    printed,
  };
};

describe('printLogs', () => {
  it('prints the lines found and how many there are', async () => {
    const { store, options, printed } = storeOf({ lines: [found(1), found(2)], total: 2 });
    expect(await printLogs(store, { limit: 500, follow: false }, options)).toBe('2 lines.');
    expect(printed).toEqual(['line 1', 'line 2']);
  });

  it('says how many lines are left out', async () => {
    const { store, options } = storeOf({ lines: [found(9)], total: 9 });
    const summary = await printLogs(store, { limit: 1, follow: false }, options);
    expect(summary).toBe('1 line; 8 older ones match, see --limit.');
  });

  it('follows: prints each line once, also one that arrives late, and none that the limit left out', async () => {
    const { store, options, printed, searches } = storeOf(
      { lines: [found(1, 200_000), found(2, 200_002)], total: 2 },
      { lines: [found(1, 200_000), found(3, 200_001), found(2, 200_002)], total: 3 },
      { lines: [found(3, 200_001), found(2, 200_002), found(4, 300_000)], total: 3 },
      { lines: [found(4, 300_000)], total: 1 },
    );
    const summary = await printLogs(store, { userId: 'u1', limit: 1, follow: true }, options);
    expect(printed).toEqual(['line 2', 'line 3', 'line 4']);
    expect(summary).toBe('3 lines.');
    expect(searches).toMatchObject([
      { userId: 'u1', limit: 10_000 },
      { userId: 'u1', since: 140_002, limit: 10_000 },
      { userId: 'u1', since: 140_002 },
      { userId: 'u1', since: 240_000 },
    ]);
  });
});
