import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { rootAt } from '@ums/contracts/tree/proofs';
import { silentLog } from '@ums/kit/log';
import type pg from 'pg';
import { faultRounds } from '../../infra/kit/test/faultRounds.js';
import { Crash, faultyPool } from '../../infra/kit/test/faultyPool.js';
import { until } from '../../infra/kit/test/until.js';
import { type MemoryPlace, memoryPlace } from '../test/memoryPlace.js';
import { createWorld, expectedRoot, type World } from '../test/world.js';
import { keepSigning } from './checkpoint/keepSigning.js';
import { notaryMetrics } from './checkpoint/notaryMetrics.js';
import { parseNotes } from './note/signedNote.js';
import { followLog } from './tree/followLog.js';

const MOMENTS = ['before', 'after'] as const;
/** So small that each history takes many batches. */
const BATCH_LIMIT = 40;
const AT_ONCE = { grownSeconds: 0, anywaySeconds: 1e9 };

describe('a notary that is killed', () => {
  let world: World;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterAll(() => world.close());

  const follow = (pool: pg.Pool, signal: AbortSignal): Promise<void> =>
    followLog({ ...world, pool }, signal, BATCH_LIMIT, () => undefined);

  /** Runs on a pool that crashes, and then once more as a new process would. @returns whether it crashed */
  const crashAndRestart = async (pool: pg.Pool): Promise<boolean> => {
    const stop = new AbortController();
    const first = follow(pool, stop.signal).then(
      () => false,
      (error: unknown) => error instanceof Crash,
    );
    const crashed = await Promise.race([first, until(world.isCaughtUp).then(() => false)]);
    const second = crashed ? follow(world.pool, stop.signal) : first;
    await Promise.race([second, until(world.isCaughtUp)]);
    stop.abort();
    await second;
    return crashed;
  };

  const expectWholeTree = async (): Promise<void> => {
    const { length } = await world.expectedLeaves();
    expect(await world.size()).toBe(length);
    expect(await rootAt(world.readTiles, length)).toEqual(await expectedRoot(world));
  };

  it.each(MOMENTS)(
    'has the same root as an independent computation when it is killed %s any statement',
    async (moment) => {
      await world.append(90);
      for (let statement = 1; ; statement++) {
        await world.pool.query('delete from notary.position');
        const crashed = await crashAndRestart(faultyPool(world.pool, statement, moment).pool);
        await expectWholeTree();
        if (!crashed) break;
        expect(statement).toBeLessThan(200);
      }
    },
  );

  it('has the same root when it is killed at random while the log grows', async () => {
    for (let round = 0; round < faultRounds({ usual: 10, full: 200 }); round++) {
      const growing = world.append(1 + Math.floor(Math.random() * 150));
      const moment = MOMENTS[round % 2] as (typeof MOMENTS)[number];
      await crashAndRestart(faultyPool(world.pool, 1 + Math.floor(Math.random() * 30), moment).pool);
      await growing;
      await crashAndRestart(world.pool);
      await expectWholeTree();
    }
  });

  /** Signs until the place holds the whole tree, or the pool crashes. */
  const signOn = async (pool: pg.Pool, place: MemoryPlace, size: number): Promise<void> => {
    const stop = new AbortController();
    const deps = { ...world, pool, places: [place], metrics: notaryMetrics(), log: silentLog };
    const signing = keepSigning({ ...deps, appendedSize: () => size, times: AT_ONCE, everyMs: 1 }, stop.signal);
    const isPublished = (): boolean => parseNotes(place.notes.at(-1) ?? '').at(-1)?.head.size === size;
    await Promise.race([signing, until(isPublished)]);
    stop.abort();
    await signing;
  };

  it.each(MOMENTS)('publishes every checkpoint it has signed when it is killed %s any statement', async (moment) => {
    const place = memoryPlace('place');
    for (let statement = 1; statement <= 12; statement++) {
      await world.append(3);
      await crashAndRestart(world.pool);
      const size = await world.size();
      const { pool } = faultyPool(world.pool, statement, moment);
      await signOn(pool, place, size);
      const heads = place.notes.flatMap(parseNotes).map(({ head }) => head);
      expect(heads.at(-1)).toEqual({ origin: world.origin, size, root: await expectedRoot(world), expirable: 0 });
      expect(heads.map((head) => head.size)).toEqual(heads.map((head) => head.size).sort((a, b) => a - b));
    }
  });
});
