import { randomInt } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { environments } from '@ums/embedded/environments';
import { silentLog } from '@ums/kit/log';
import { guardedQuery } from '@ums/kit/postgres/guardedQuery';
import { readConfig } from '@ums/notary/config';
import { startNotary } from '@ums/notary/service';
import { treePosition } from '@ums/notary/tree/treeStore';
import { proveEvent } from '@ums/query-api/proof/treeProofs';
import type pg from 'pg';
import { atLast } from '../load/atLast.js';
import { cpuPerOperation } from '../load/compareCosts.js';
import { cpuOfTree } from '../load/cpuOfTree.js';
import { median } from '../load/statistics.js';
import { PATIENCE_MS, unhurriedPool } from '../load/unhurriedPool.js';
import type { Figure } from '../report/figure.js';
import type { UseCases } from '../use-cases/openUseCases.js';
import { EVENTS_PER_USER, seedHistory } from '../use-cases/seedHistory.js';
import { seedLeaves } from './seedLeaves.js';

export interface NotarySizes {
  /** Users whose events the notary reads. */
  users: number;
  /** Leaves of the tree in which events are proved. */
  leaves: number;
  rounds: number;
  /** Proofs in a round. */
  proofs: number;
}

/** The CPU time of polling counts as the notary's, so polling is rare. */
const POLL_MS = 100;

/** P27 and P28: CPU time of the notary and of proofs, in this process, in the log server and in Postgres, without HTTP. */
export const notaryFigures = async (
  useCases: UseCases,
  { users, leaves, rounds, proofs }: NotarySizes,
): Promise<Figure[]> => {
  const pool = unhurriedPool(useCases.engines.usersFor('notary'), 2);
  try {
    await notarize(useCases, pool);
    await seedHistory(useCases.deps, users);
    const events = users * EVENTS_PER_USER;
    const before = await cpuOfTree(process.pid);
    await notarize(useCases, pool);
    const cpuMs = (await cpuOfTree(process.pid)) - before;
    return [
      {
        name: 'P27 notary catch-up',
        measured: (events * 1_000) / cpuMs,
        unit: 'events/cpu-s',
        target: { atLeast: 10_000 },
        details: `${events} events of ${users} users, with the signing of the first checkpoint; includes log server and Postgres`,
      },
      {
        name: 'P28 inclusion proof',
        measured: await proofCost(pool, { leaves, rounds, proofs }),
        unit: 'cpu-ms',
        target: { atMost: 2 },
        details: `of one of ${leaves} leaves; median of ${rounds} rounds of ${proofs} proofs, without HTTP`,
      },
    ];
  } finally {
    await pool.end();
  }
};

/** Runs a notary until it is at the head of the log. */
const notarize = async ({ engines, deps }: UseCases, pool: pg.Pool): Promise<void> => {
  const { notary: env } = environments(engines, { env: {}, publicUrl: 'http://127.0.0.1', jwks: '' });
  const head = (await atLast(deps.eventLog.head)) ?? -1n;
  const notary = await startNotary(readConfig({ ...env }), { log: silentLog });
  while (((await treePosition().read(pool))?.position ?? -1n) < head) await sleep(POLL_MS);
  await notary.close();
};

const proofCost = async (pool: pg.Pool, { leaves, rounds, proofs }: Omit<NotarySizes, 'users'>): Promise<number> => {
  const eventIdAt = await seedLeaves(pool, leaves);
  const read = guardedQuery('notary', pool, PATIENCE_MS);
  const costs: number[] = [];
  for (let round = 0; round <= rounds; round += 1)
    costs.push(
      await cpuPerOperation(
        () => cpuOfTree(process.pid),
        proofs,
        async () => {
          for (let turn = 0; turn < proofs; turn += 1) await proveEvent({ read }, eventIdAt(randomInt(leaves)));
        },
      ),
    );
  // The first round only warms up.
  return median(costs.slice(1));
};
