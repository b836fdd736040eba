import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from '@ums/kit/log';
import { readConfig } from '@ums/projector/config';
import { userProfileV1 } from '@ums/projector/profile/userProfileV1';
import { applyBatch } from '@ums/projector/projection/applyBatch';
import { checkpointOf } from '@ums/projector/projection/projection';
import { startProjector } from '@ums/projector/service';
import type pg from 'pg';
import { atLast } from '../load/atLast.js';
import { cpuOfTree } from '../load/cpuOfTree.js';
import { unhurriedPool } from '../load/unhurriedPool.js';
import { type Figure, formatNumber } from '../report/figure.js';
import type { UseCases } from './openUseCases.js';
import { rebuildFigure } from './rebuildFigure.js';
import { EVENTS_PER_USER, seedHistory } from './seedHistory.js';

export interface CatchUpSizes {
  users: number;
  /** Events that are projected in one transaction each, for comparison. */
  oneByOne: number;
}

/** The CPU time of polling counts as the projector's, so polling is rare. */
const POLL_MS = 100;

/**
 * P9: events per CPU second, over all processes, of a projector that catches up with the log, and the ratio to the same
 * projection with one transaction per event.
 *
 * @param readModel URL of the read-model database, with its owner's role; no other projector may write to it meanwhile
 */
export const catchUpFigures = async (
  useCases: UseCases,
  readModel: string,
  { users, oneByOne }: CatchUpSizes,
): Promise<Figure[]> => {
  const config = readConfig({ ...useCases.projector, DATABASE_URL: readModel });
  const pool = unhurriedPool(readModel, 2);
  const project = async (): Promise<void> => {
    const projector = await startProjector(config, { log: silentLog });
    const head = await atLast(useCases.deps.eventLog.head);
    while ((await currentCheckpoint(useCases, pool)).position < (head ?? -1n)) await sleep(POLL_MS);
    await projector.close();
  };
  try {
    await project();
    await seedHistory(useCases.deps, users);
    const single = await perCpuSecond(oneByOne, () => projectOneByOne(useCases, pool, oneByOne));
    const rest = users * EVENTS_PER_USER - oneByOne;
    const batched = await perCpuSecond(rest, project);
    const details = `replay of ${rest} events of ${users} users; includes log server, vault and read model`;
    return [
      {
        name: 'P9 projector catch-up',
        measured: batched,
        unit: 'events/cpu-s',
        target: { atLeast: 8_000 },
        details,
      },
      {
        name: 'P10 batches over one event per transaction',
        measured: batched / single,
        unit: '×',
        target: { atLeast: 15 },
        details: `compared with ${formatNumber(single)} events/cpu-s for ${oneByOne} events with the same projection, log and Postgres; consumers of Emmett commit each event like this`,
      },
      await rebuildFigure(useCases, pool),
    ];
  } finally {
    await pool.end();
  }
};

const currentCheckpoint = ({ deps }: UseCases, pool: pg.Pool) => checkpointOf(userProfileV1).begin(pool, deps.logId);

const projectOneByOne = async (useCases: UseCases, pool: pg.Pool, count: number): Promise<void> => {
  const { eventLog, keys } = useCases.deps;
  let checkpoint = await currentCheckpoint(useCases, pool);
  const done = new AbortController();
  let left = count;
  for await (const event of eventLog.follow(checkpoint.position, { signal: done.signal })) {
    const deps = { projection: userProfileV1, pool, eventLog, keys, reportedGaps: new Set<string>() };
    ({ checkpoint } = await applyBatch(deps, checkpoint, [event]));
    left -= 1;
    if (left === 0) break;
  }
  done.abort();
};

const perCpuSecond = async (count: number, work: () => Promise<void>): Promise<number> => {
  const before = await cpuOfTree(process.pid);
  await work();
  return (count * 1_000) / ((await cpuOfTree(process.pid)) - before);
};
