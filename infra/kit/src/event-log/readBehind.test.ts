import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { readsThrough } from '../../test/readsThrough.js';
import { silentLog } from '../log.js';
import { metricsText } from '../metrics.js';
import { LogUnavailable } from './eventLog.js';
import { readBehind } from './readBehind.js';

const at = (position: number): RecordedEvent => ({
  id: `event-${position}`,
  stream: 'stream',
  revision: BigInt(position),
  position: BigInt(position),
  type: 'Type',
  data: {},
  metadata: {},
});

/** A follower, after position 10, of a log with events up to position `head`. */
const followerOf = (head: number, from: bigint | 'start' = 10n) => {
  const lines: unknown[] = [];
  const limits: number[] = [];
  let failures = 0;
  let whileReading = (): void => undefined;
  const readAll = async (after: bigint | undefined, limit: number) => {
    if (failures-- > 0) throw new LogUnavailable();
    limits.push(limit);
    const first = Number(after ?? -1n) + 1;
    const page = Array.from({ length: Math.max(0, Math.min(limit, head - first + 1)) }, (_, index) =>
      at(first + index),
    );
    whileReading();
    return page;
  };
  const log = { ...silentLog, error: (...line: unknown[]) => void lines.push(line) };
  const behind = readBehind(
    { eventLog: readsThrough(readAll), log, lane: 'test' },
    from === 'start' ? undefined : from,
  );
  return {
    ...{
      lines,
      limits,
      isDue: behind.isDue,
      page: behind.page,
      note: (...positions: number[]) => positions.map((position) => behind.note(at(position))),
    },
    missing: async (upTo: number) => (await behind.missing(BigInt(upTo))).map(({ position }) => Number(position)),
    refuse: () => {
      failures = 1;
    },
    onRead: (work: () => void) => {
      whileReading = work;
    },
  };
};

/** What the metric says of the follower. */
const countedLosses = async (): Promise<number> => {
  const [, value] = /^ums_events_not_delivered_total\{lane="test"\} (\d+)$/m.exec((await metricsText()).text) ?? [];
  return Number(value);
};

describe('readBehind', () => {
  it('tells an event that comes late, and one that comes again', () => {
    const { note } = followerOf(20);
    expect(note(11, 13, 12, 13, 12, 10, 9)).toEqual(['next', 'next', 'late', 'known', 'known', 'known', 'known']);
  });

  it('F-12 finds what did not come, up to a position, logs the first and counts all', async () => {
    const { note, missing, lines } = followerOf(20);
    const before = await countedLosses();
    note(11, 13, 16);
    expect(await missing(16)).toEqual([12, 14, 15]);
    expect(lines).toEqual([
      ['events not delivered', { lane: 'test', stream: 'stream', revision: 12n, position: 12n, count: 3 }],
    ]);
    expect(note(14, 16, 17)).toEqual(['known', 'known', 'next']);
    expect(await missing(17)).toEqual([]);
    expect(lines).toHaveLength(1);
    expect((await countedLosses()) - before).toBe(3);
  });

  it('reads once where all has come, and not at all without a newer one', async () => {
    const { note, missing, limits } = followerOf(5_000);
    note(11, 12, 13);
    expect(await missing(13)).toEqual([]);
    expect(await missing(13)).toEqual([]);
    expect(limits).toHaveLength(1);
  });

  it('F-12 reads pages where much did not come', async () => {
    const { note, missing, limits } = followerOf(3_000, 'start');
    note(0, 2_500);
    expect(await missing(2_500)).toEqual(Array.from({ length: 2_499 }, (_, index) => index + 1));
    expect(limits).toEqual(Array.from({ length: 6 }, () => 1_000));
  });

  it('leaves out what comes while the log is read', async () => {
    const { note, missing, onRead } = followerOf(20);
    note(11, 13);
    onRead(() => void note(12));
    expect(await missing(13)).toEqual([]);
  });

  it('does not read what came from pages that follow each other, from its own position on', async () => {
    const { note, missing, page, limits } = followerOf(30);
    page(10n, 12n);
    page(12n, 14n);
    note(11, 12, 13);
    expect(await missing(13)).toEqual([]);
    expect(note(13, 14)).toEqual(['known', 'next']);
    expect(await missing(14)).toEqual([]);
    expect(limits).toEqual([]);
  });

  it('does not read pages from the beginning of the log', async () => {
    const { note, missing, page, limits } = followerOf(30, 'start');
    page(undefined, 1n);
    expect(note(0, 1)).toEqual(['next', 'next']);
    expect(await missing(1)).toEqual([]);
    expect(limits).toEqual([]);
  });

  it('F-12 reads what came before pages, and after them', async () => {
    const { note, missing, page, limits } = followerOf(30);
    note(11, 13);
    page(13n, 16n);
    note(14, 15);
    expect(await missing(15)).toEqual([12]);
    note(16);
    expect(await missing(16)).toEqual([]);
    // Once to look, and once for what is missing.
    expect(limits).toHaveLength(2);
    note(18);
    expect(await missing(18)).toEqual([17]);
  });

  it('F-12 reads the log where the positions that it gets are not exactly those that came', async () => {
    const readAll = async () => [at(11), at(12), at(13)];
    for (const others of [[], [11n], [11n, 12n], [11n, 13n, 14n], [12n, 13n]]) {
      const eventLog = { readAll, positions: async () => others };
      const behind = readBehind({ eventLog, log: silentLog, lane: 'test' }, 10n);
      behind.note(at(11));
      behind.note(at(13));
      expect((await behind.missing(13n)).map(({ position }) => position)).toEqual([12n]);
    }
  });

  it('F-12 reads the same part again after the log was away', async () => {
    const { note, missing, refuse } = followerOf(20);
    note(11, 13);
    refuse();
    await expect(missing(13)).rejects.toBeInstanceOf(LogUnavailable);
    expect(await missing(13)).toEqual([12]);
  });

  it('finds nothing twice for calls at the same time', async () => {
    const { note, missing } = followerOf(20);
    note(11, 13, 14, 16);
    expect(await Promise.all([missing(14), missing(16)])).toEqual([[12], [15]]);
  });

  it('is due after ten thousand events, and no more once it has read', async () => {
    const { note, missing, isDue } = followerOf(10_010);
    note(...Array.from({ length: 9_999 }, (_, index) => 11 + index));
    expect(isDue()).toBe(false);
    note(10_010);
    expect(isDue()).toBe(true);
    expect(await missing(10_010)).toEqual([]);
    expect(isDue()).toBe(false);
  });
});
