import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import { readConfig } from '@ums/projector/config';
import { userProfileV1 } from '@ums/projector/profile/userProfileV1';
import { applyBatch } from '@ums/projector/projection/applyBatch';
import { checkpointOf } from '@ums/projector/projection/projection';
import { startProjector } from '@ums/projector/service';
import type pg from 'pg';
import { cpuOfTree } from '../load/cpuOfTree.js';
import { type Figure, shown } from '../report/figure.js';
import type { Core } from './openCore.js';
import { EVENTS_PER_USER, seedHistory } from './seedHistory.js';

export interface CatchUpSizes {
  users: number;
  /** Events that go through one transaction each, for comparison. */
  oneByOne: number;
}

/** Looking costs as well, and counts as the projector's. */
const POLL_MS = 100;

/**
 * P9: events per cpu-second, all processes, of a projector that catches up with the log; and how many times that is what
 * the same projection makes with one transaction for each event.
 *
 * @param readModel URL, as its owner, of the database of read models; nothing else may project into it meanwhile.
 */
export const catchUpCost = async (
  core: Core,
  readModel: string,
  { users, oneByOne }: CatchUpSizes,
): Promise<Figure[]> => {
  const config = readConfig({ ...core.projector, DATABASE_URL: readModel });
  const pool = createPool({ url: readModel, applicationName: 'bench', max: 2, log: silentLog });
  const project = async (): Promise<void> => {
    const projector = await startProjector(config, { log: silentLog });
    const head = await core.deps.eventLog.head();
    while ((await beginning(core, pool)).position < (head ?? -1n)) await sleep(POLL_MS);
    await projector.close();
  };
  try {
    await project();
    await seedHistory(core.deps, users);
    const single = await perCpuSecond(oneByOne, () => projectOneByOne(core, pool, oneByOne));
    const rest = users * EVENTS_PER_USER - oneByOne;
    const batched = await perCpuSecond(rest, project);
    const what = `replay of ${rest} events of ${users} users; log server, vault and read model counted`;
    return [
      {
        name: 'P9 projector catch-up',
        measured: batched,
        unit: 'events/cpu-s',
        target: { atLeast: 8_000 },
        how: what,
      },
      {
        name: 'P9 against one event a transaction',
        measured: batched / single,
        unit: '×',
        target: { atLeast: 15 },
        how: `the same projection, log and Postgres, ${oneByOne} events: ${shown(single)} events/cpu-s. Stands in for Emmett, whose consumers commit so`,
      },
    ];
  } finally {
    await pool.end();
  }
};

const beginning = ({ deps }: Core, pool: pg.Pool) => checkpointOf(userProfileV1).begin(pool, deps.logId);

const projectOneByOne = async (core: Core, pool: pg.Pool, count: number): Promise<void> => {
  const { eventLog, keys } = core.deps;
  let checkpoint = await beginning(core, pool);
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
