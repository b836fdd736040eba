import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { faultRounds } from '../../../infra/kit/test/faultRounds.js';
import { Crash, faultyPool } from '../../../infra/kit/test/faultyPool.js';
import { type FakeBroker, fakeBroker } from '../../test/fakeBroker.js';
import { expectPublished, inTopic } from '../../test/publishedRecords.js';
import { activeUntil, publisherDeps, untilPublished } from '../../test/publisherWorld.js';
import { appendRandomHistory, type ExpectedProfile, seededRandom } from '../../test/randomHistory.js';
import { createWorld, type World } from '../../test/world.js';
import { runPublisher } from './runPublisher.js';

const MOMENTS = ['before', 'after'] as const;
/** So small that each history takes many batches. */
const BATCH_LIMIT = 4;

describe('a publisher that crashes', () => {
  let world: World;
  let users: ExpectedProfile[];
  let seed: number;
  beforeAll(async () => {
    world = await createWorld();
    users = [];
    seed = Date.now() % 1_000_000;
  });
  afterAll(() => world.close());

  /** Runs with a pool or broker that crashes, and then once more as a new process would. @returns whether it crashed */
  const crashAndRestart = async (change: object, broker: FakeBroker): Promise<boolean> => {
    const stop = new AbortController();
    const run = (deps: object) =>
      runPublisher(
        { ...publisherDeps(world, broker), ...deps },
        activeUntil(stop.signal),
        BATCH_LIMIT,
        () => undefined,
      );
    const first = run(change).then(
      () => false,
      (error: unknown) => error instanceof Crash,
    );
    const crashed = await Promise.race([first, untilPublished(world).then(() => false)]);
    const second = crashed ? run({}) : first;
    await untilPublished(world);
    stop.abort();
    await second;
    return crashed;
  };

  const addHistory = async (): Promise<void> => {
    await world.pool.query('delete from read.checkpoint');
    const added = await appendRandomHistory(world, 12, seededRandom(seed++));
    users = [...users, ...added];
  };
  const expectAllPublished = ({ records }: FakeBroker): void =>
    expectPublished(records, { log: world.eventLog.events, users });

  it.each(MOMENTS)('F-11 loses nothing when it crashes %s any statement', async (moment) => {
    await addHistory();
    for (let statement = 1; ; statement++) {
      await world.pool.query('delete from read.checkpoint');
      const broker = fakeBroker();
      const { pool } = faultyPool(world.pool, statement, moment);
      const crashed = await crashAndRestart({ pool }, broker);
      expectAllPublished(broker);
      if (!crashed) break;
      expect(statement).toBeLessThan(500);
    }
  });

  it.each(MOMENTS)('F-11 loses nothing when it crashes %s a send', async (moment) => {
    for (let round = 0; round < faultRounds({ usual: 8, full: 100 }); round++) {
      await addHistory();
      const broker = fakeBroker();
      let sends = 0;
      const fatal = 1 + (round % 8);
      broker.onSend = async (now) => {
        if (now === moment && ++sends === fatal) throw new Crash();
      };
      expect(await crashAndRestart({}, broker)).toBe(true);
      expectAllPublished(broker);
    }
  });

  it('F-11 repeats events only with the same id, and only those after the checkpoint', async () => {
    await addHistory();
    const broker = fakeBroker();
    let batches = 0;
    broker.onSend = async (now, kind) => {
      if (now === 'after' && kind === 'events' && ++batches === 2) throw new Crash();
    };
    expect(await crashAndRestart({}, broker)).toBe(true);
    const ids = inTopic(broker.records, 'users.work.v1').map(({ headers }) => headers.ce_id);
    expect(ids.length - new Set(ids).size).toBeGreaterThan(0);
    expect(ids.length - new Set(ids).size).toBeLessThanOrEqual(BATCH_LIMIT);
  });
});
