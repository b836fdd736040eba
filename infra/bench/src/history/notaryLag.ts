import { setTimeout as sleep } from 'node:timers/promises';
import { updateUser } from '@ums/command-api/profile/updateUser';
import { environments } from '@ums/embedded/environments';
import type { CheckpointStore } from '@ums/kit/event-log/checkpointStore';
import { silentLog } from '@ums/kit/log';
import { readConfig as readNotaryConfig } from '@ums/notary/config';
import { startNotary } from '@ums/notary/service';
import { treePosition } from '@ums/notary/tree/treeStore';
import { readConfig } from '@ums/projector/config';
import { userProfileV1 } from '@ums/projector/profile/userProfileV1';
import { checkpointOf } from '@ums/projector/projection/projection';
import { startProjector } from '@ums/projector/service';
import type pg from 'pg';
import { atLast } from '../load/atLast.js';
import { compareCosts } from '../load/compareCosts.js';
import { percentile } from '../load/statistics.js';
import { unhurriedPool } from '../load/unhurriedPool.js';
import { type Figure, formatNumber } from '../report/figure.js';
import { atPace, type Pace } from '../service/atPace.js';
import type { UseCases } from '../use-cases/openUseCases.js';
import { callerOf, registerUsers, requestOrigin } from '../use-cases/registerUsers.js';

export interface NotaryLagSizes extends Pace {
  /** Who are renamed in turn. */
  users: number;
  rounds: number;
}

const POLL_MS = 1;

/**
 * P27: time from the answer of a rename until it is projected, while a notary runs in the same process, compared with the same
 * renames without one. Rounds alternate.
 */
export const notaryLag = async (useCases: UseCases, { users, rounds, ...pace }: NotaryLagSizes): Promise<Figure> => {
  const { deps, engines } = useCases;
  const poolOf = (role: 'projector' | 'notary') => unhurriedPool(engines.usersFor(role), 2);
  const [readModel, tree] = [poolOf('projector'), poolOf('notary')];
  const projector = await startProjector(readConfig({ ...useCases.projector }), { log: silentLog });
  try {
    const callers = await Promise.all((await registerUsers(deps, users)).map((id) => callerOf(deps, id)));
    const projected = (position: bigint) => untilAt(checkpointOf(userProfileV1), readModel, position);
    const head = async () => (await atLast(deps.eventLog.head)) ?? -1n;
    await projected(await head());
    const p99 = async (): Promise<number> =>
      percentile(
        await atPace(callers, pace, async (caller, index) => {
          const rename = () => updateUser(deps, { caller, name: `Ada ${index}` }, requestOrigin());
          const { position } = await atLast(rename);
          const answeredAt = performance.now();
          await projected(position);
          return performance.now() - answeredAt;
        }),
        0.99,
      );
    const beside = async (): Promise<number> => {
      const { notary: env } = environments(engines, { env: {}, publicUrl: 'http://127.0.0.1', jwks: '' });
      const notary = await startNotary(readNotaryConfig({ ...env }), { log: silentLog });
      try {
        await untilAt(treePosition(), tree, await head());
        return await p99();
      } finally {
        await notary.close();
      }
    };
    const { ratio, ours, baseline } = await compareCosts(rounds, beside, p99);
    return {
      name: 'P27 projection lag beside the notary, p99',
      measured: ratio,
      unit: '× that without it',
      target: { atMost: 1.1 },
      details: `${formatNumber(ours)} ms from the answer of a rename, compared with ${formatNumber(baseline)}; median of ${rounds} rounds of ${pace.commands} renames at ${pace.perSecond}/s, projector and notary in one process`,
    };
  } finally {
    await projector.close();
    await Promise.all([readModel.end(), tree.end()]);
  }
};

const untilAt = async (checkpoint: CheckpointStore, pool: pg.Pool, position: bigint): Promise<void> => {
  while (((await checkpoint.read(pool))?.position ?? -1n) < position) await sleep(POLL_MS);
};
