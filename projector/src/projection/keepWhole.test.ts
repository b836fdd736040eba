import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { RecordedEvent } from '@ums/contracts/events/event';
import { LogUnavailable } from '@ums/kit/event-log/eventLog';
import { silentLog } from '@ums/kit/log';
import type pg from 'pg';
import { readsThrough } from '../../../infra/kit/test/readsThrough.js';
import { keepWhole } from './keepWhole.js';

const at = (position: number): RecordedEvent => ({
  id: `event-${position}`,
  stream: 'stream',
  revision: BigInt(position),
  position: BigInt(position),
  type: 'Type',
  data: {},
  metadata: {},
});
const MANY = Array.from({ length: 10_000 }, (_, index) => at(index + 1));
const START = { position: 0n, eventId: undefined, logId: 'log' };
const FAILURE = new Error('no connection');

describe('keepWhole', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  /** A keeper whose handler has handled all events, of a log that has one more. */
  const keeperOf = (
    readAll: (after?: bigint) => Promise<RecordedEvent[]>,
    handleMissed = async (): Promise<void> => undefined,
  ) => {
    const stored: unknown[] = [];
    let failures = 0;
    const query = async ({ values }: { values: unknown[] }) => void stored.push(values[1]);
    const checkpoint = () => ({ ...START, position: 20_000n });
    const deps = {
      projection: { name: 'test' },
      pool: { query } as unknown as pg.Pool,
      eventLog: readsThrough(readAll),
    };
    const keeper = keepWhole({ ...deps, log: silentLog }, { checkpoint, handleMissed }, START, () => void failures++);
    return { keeper, stored, failures: () => failures };
  };

  it('reads at once when it has noted many events, and fails when it cannot, so that it keeps no more of them', async () => {
    const { keeper, stored } = keeperOf(async () => MANY);
    await keeper.note(MANY);
    expect(stored).toEqual(['10000']);
    const failing = keeperOf(() => Promise.reject(new LogUnavailable()));
    await expect(failing.keeper.note(MANY)).rejects.toBeInstanceOf(LogUnavailable);
    expect(failing.failures()).toBe(1);
    await failing.keeper.stop(true);
    expect(failing.stored).toEqual([]);
  });

  it('F-12 stores nothing after what was missing could not be applied', async () => {
    const { keeper, stored, failures } = keeperOf(
      async () => [at(1), at(2)],
      () => Promise.reject(FAILURE),
    );
    await keeper.note([at(2)]);
    await jest.advanceTimersByTimeAsync(5_000);
    expect(failures()).toBe(1);
    await keeper.note([at(3)]);
    await expect(keeper.stop(false)).rejects.toBe(FAILURE);
    await expect(keeper.stop(true)).resolves.toBeUndefined();
    expect(stored).toEqual([]);
  });

  it('ends within two seconds when the log hangs', async () => {
    for (const alreadyMs of [0, 5_000]) {
      const { keeper, stored } = keeperOf(() => new Promise(() => undefined));
      await keeper.note([at(1)]);
      await jest.advanceTimersByTimeAsync(alreadyMs);
      let isStopped = false;
      const stopping = keeper.stop(false).then(() => (isStopped = true));
      await jest.advanceTimersByTimeAsync(1_999);
      expect(isStopped).toBe(false);
      await jest.advanceTimersByTimeAsync(1);
      await stopping;
      expect(stored).toEqual([]);
    }
  });

  it('reads at most every five seconds, and neither reads nor stores anything while no event comes', async () => {
    let reads = 0;
    const { keeper, stored } = keeperOf(async (after = 0n) => {
      reads++;
      return MANY.slice(Number(after), 10);
    });
    await jest.advanceTimersByTimeAsync(60_000);
    expect(reads).toBe(0);
    for (let position = 1; position <= 10; position++) {
      await keeper.note([at(position)]);
      await jest.advanceTimersByTimeAsync(1_000);
    }
    expect(stored).toEqual(['5', '10']);
    expect(jest.getTimerCount()).toBe(0);
    await jest.advanceTimersByTimeAsync(60_000);
    expect([reads, stored.length]).toEqual([2, 2]);
    await keeper.note([at(10)]);
    await keeper.stop(false);
    expect(reads).toBe(2);
  });
});
