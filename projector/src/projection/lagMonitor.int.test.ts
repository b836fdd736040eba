import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { stopMonotonicClock } from '../../../infra/kit/test/stopMonotonicClock.js';
import { until } from '../../../infra/kit/test/until.js';
import { runDepsOf } from '../../test/runDeps.js';
import { createWorld, type World } from '../../test/world.js';
import { userProfileV1 } from '../profile/userProfileV1.js';
import { applyBatch } from './applyBatch.js';
import { lagMonitor } from './lagMonitor.js';
import { checkpointOf } from './projection.js';

describe('lagMonitor', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });
  afterAll(() => world.close());

  it('F-13 measures how long the checkpoint is behind, and 0 once it has caught up', async () => {
    const stop = new AbortController();
    const projection = userProfileV1.name;
    await world.register('late');
    const monitor = lagMonitor({ ...world, projection, onMeasured: () => undefined, signal: stop.signal, everyMs: 5 });
    let lag = await monitor.lag();
    await until(async () => {
      lag = await monitor.lag();
      return lag.seconds > 0.02 && lag.postgresReachable;
    });
    expect(lag).toMatchObject({ logReachable: true, parked: 0 });
    const from = await checkpointOf(userProfileV1).begin(world.pool, world.logId);
    await applyBatch(runDepsOf(world), from, await world.eventLog.readAll(undefined, 100));
    await until(async () => (await monitor.lag()).seconds === 0);
    await world.pool.query(`insert into read.parked values ($1, gen_random_uuid(), 1, 'test')`, [projection]);
    await until(async () => (await monitor.lag()).parked === 1);
    stop.abort();
    await monitor.done;
  });

  it('reports an unreachable log and Postgres, and keeps the last values', async () => {
    const stop = new AbortController();
    const pool = { query: () => Promise.reject(new Error('down')) } as unknown as World['pool'];
    const eventLog = { head: () => Promise.reject(new Error('down')) };
    const options = { projection: userProfileV1.name, onMeasured: () => undefined, signal: stop.signal, everyMs: 5 };
    const monitor = lagMonitor({ pool, eventLog, ...options });
    const last = { seconds: 0, position: -1n, parked: 0 };
    expect(await monitor.lag()).toEqual({ logReachable: false, postgresReachable: false, ...last });
    stop.abort();
    await monitor.done;
  });

  it('F-03 takes a Postgres that hangs for unreachable within 2.5 s', async () => {
    const stop = new AbortController();
    const pool = { query: () => new Promise(() => undefined) } as unknown as World['pool'];
    const options = { projection: userProfileV1.name, onMeasured: () => undefined, signal: stop.signal };
    jest.useFakeTimers();
    const monitor = lagMonitor({ pool, eventLog: { head: async () => 1n }, ...options });
    let measured: unknown;
    void monitor.lag().then((lag) => (measured = lag));
    await jest.advanceTimersByTimeAsync(2_499);
    expect(measured).toMatchObject({ logReachable: true, postgresReachable: false });
    stop.abort();
    await monitor.done;
  });

  it('measures rarely while not behind, and on demand if the last measurement is old', async () => {
    const stop = new AbortController();
    let head = -1n;
    const measured: number[] = [];
    const monitor = lagMonitor({
      pool: { query: async () => ({ rows: [{ position: '-1', parked: 0 }] }) } as unknown as World['pool'],
      eventLog: { head: async () => head },
      projection: userProfileV1.name,
      onMeasured: ({ seconds }) => measured.push(seconds),
      signal: stop.signal,
      everyMs: 50,
      currentEveryMs: 3_600_000,
    });
    expect((await monitor.lag()).seconds).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 120));
    expect(measured).toEqual([0]);
    head = 5n;
    // The clock stands still, so that the measurement stays young.
    stopMonotonicClock();
    await monitor.lag();
    expect(measured).toHaveLength(2);
    await monitor.lag();
    expect(measured).toHaveLength(2);
    stop.abort();
    await monitor.done;
  });

  it('F-13 goes on measuring by itself while behind', async () => {
    const stop = new AbortController();
    const measured: number[] = [];
    const monitor = lagMonitor({
      pool: { query: async () => ({ rows: [{ position: '-1', parked: 0 }] }) } as unknown as World['pool'],
      eventLog: { head: async () => 5n },
      projection: userProfileV1.name,
      onMeasured: ({ seconds }) => measured.push(seconds),
      signal: stop.signal,
      everyMs: 5,
      currentEveryMs: 3_600_000,
    });
    await until(() => measured.length > 3 && (measured.at(-1) ?? 0) > 0.01);
    stop.abort();
    await monitor.done;
  });
});
