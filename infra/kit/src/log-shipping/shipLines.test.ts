import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { until } from '../../test/until.js';
import type { BatchResult, IndexBatch } from './bulkIndexer.js';
import { type NumberedLine, ringMemory, ringReader, ringWriter } from './lineRing.js';
import { type ShippingNews, shipLines } from './shipLines.js';

const all = (lines: readonly NumberedLine[]): BatchResult => ({ indexed: lines.length, refused: 0, again: [] });
const unreachable = (): never => {
  throw Object.assign(new Error('canary'), { name: 'ConnectionError' });
};

let stop: AbortController;
let ended: Promise<void> | undefined;

beforeEach(() => {
  stop = new AbortController();
});

afterEach(async () => {
  stop.abort();
  await ended;
  jest.restoreAllMocks();
});

/** Ships lines to a function that answers each batch with the next of `answers`; the last one repeats. */
const shipTo = (...answers: ((lines: readonly NumberedLine[]) => BatchResult)[]) => {
  const memory = ringMemory(1_048_576);
  const writer = ringWriter(memory);
  const batches: number[][] = [];
  const news: ShippingNews[] = [];
  const counted = { indexed: 0, refused: 0, prepared: 0 };
  const unmapped: string[] = [];
  const index: IndexBatch = async (lines) => {
    batches.push(lines.map(({ number }) => number));
    const answer = (answers.length > 1 ? answers.shift() : answers[0]) ?? all;
    return answer(lines);
  };
  const write = (count: number) => {
    for (let line = 0; line < count; line += 1) writer.write('{}\n');
  };
  const start = (batchMs = 10) => {
    ended = shipLines({
      ...{ ring: ringReader(memory), index, batchMs, stop: stop.signal },
      prepare: async () => {
        counted.prepared += 1;
        return unmapped.splice(0);
      },
      onCounted: ({ indexed, refused }) => {
        counted.indexed += indexed;
        counted.refused += refused;
      },
      onNews: (each) => news.push(each),
    });
    return ended;
  };
  return { write, start, batches, news, counted, unmapped };
};

describe('shipLines', () => {
  it('F-30 sends at most 500 lines at a time, and full batches without a pause', async () => {
    const { write, start, batches } = shipTo(all);
    write(1_200);
    void start(60_000);
    await until(() => batches.length === 3);
    expect(batches.map(({ length }) => length)).toEqual([500, 500, 200]);
    write(1);
    stop.abort();
    await ended;
    expect(batches[3]).toEqual([1_200]);
  });

  it('F-30 keeps a batch whose request failed, sends the same lines again, and says so once', async () => {
    const { write, start, batches, news, counted } = shipTo(unreachable, unreachable, all);
    write(2);
    void start();
    await until(() => batches.length === 2);
    write(1);
    await until(() => counted.indexed === 3);
    expect(batches).toEqual([[0, 1], [0, 1], [0, 1], [2]]);
    expect(news).toEqual([{ kind: 'failing', reason: 'ConnectionError' }, { kind: 'working' }]);
    expect(counted.prepared).toBe(3);
  });

  it('F-30 sends only those lines again that OpenSearch could not accept at this time', async () => {
    const busy = (lines: readonly NumberedLine[]) => ({ indexed: 1, refused: 1, again: lines.slice(2) });
    const { write, start, batches, news, counted } = shipTo(busy, all);
    write(4);
    void start();
    await until(() => counted.indexed === 3);
    expect(batches).toEqual([
      [0, 1, 2, 3],
      [2, 3],
    ]);
    expect(counted.refused).toBe(1);
    expect(news.map(({ kind }) => kind)).toEqual(['refused', 'failing', 'working']);
  });

  it('F-30 says it again when requests fail for another reason, at most once a minute', async () => {
    const now = performance.now.bind(performance);
    let later = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => now() + later);
    const busy = (lines: readonly NumberedLine[]) => ({ indexed: 0, refused: 0, again: [...lines] });
    let answer: (lines: readonly NumberedLine[]) => BatchResult = busy;
    const { write, start, batches, news } = shipTo((lines) => answer(lines));
    const next = async () => {
      const { length } = batches;
      await until(() => batches.length > length);
    };
    write(1);
    void start();
    await next();
    answer = unreachable;
    await next();
    expect(news).toEqual([{ kind: 'failing', reason: 'overloaded' }]);
    later = 60_000;
    await next();
    await next();
    const changed = { kind: 'failing', reason: 'ConnectionError' };
    expect(news).toEqual([{ kind: 'failing', reason: 'overloaded' }, changed]);
    answer = all;
    await until(() => news.length === 3);
    expect(news[2]).toEqual({ kind: 'working' });
  });

  it('names the fields that have another type in the index', async () => {
    const { write, start, news, counted, unmapped } = shipTo(all);
    unmapped.push('waitMs');
    write(1);
    void start();
    await until(() => counted.indexed === 1);
    expect(news).toEqual([{ kind: 'unmapped', fields: ['waitMs'] }]);
  });

  it('F-30 reports refused lines at most once a minute', async () => {
    const refused = (lines: readonly NumberedLine[]) => ({ indexed: 0, refused: lines.length, again: [], reason: 'r' });
    const { write, start, news, counted } = shipTo(refused);
    write(2);
    void start();
    await until(() => counted.refused === 2);
    write(3);
    await until(() => counted.refused === 5);
    expect(news).toEqual([{ kind: 'refused', count: 2, reason: 'r' }]);
  });

  it('F-30 reports refused lines with their reason when a later batch has refused none', async () => {
    const now = performance.now.bind(performance);
    let later = 0;
    jest.spyOn(performance, 'now').mockImplementation(() => now() + later);
    const refused = (reason: string) => () => ({ indexed: 0, refused: 1, again: [], reason });
    const { write, start, news, counted } = shipTo(refused('first'), refused('second'), all);
    write(1);
    void start();
    await until(() => counted.refused === 1);
    write(1);
    await until(() => counted.refused === 2);
    later = 60_000;
    write(1);
    await until(() => news.length === 2);
    expect(news[1]).toEqual({ kind: 'refused', count: 1, reason: 'second' });
  });

  it('F-30 when stopped, sends what the ring holds and ends', async () => {
    const { write, start, batches } = shipTo(all);
    write(1_001);
    stop.abort();
    await start();
    expect(batches.flat()).toHaveLength(1_001);
  });

  it('F-30 when stopped, ends at the first request that fails', async () => {
    const { write, start, batches } = shipTo(unreachable);
    write(1_001);
    stop.abort();
    await start();
    expect(batches).toHaveLength(1);
  });
});
