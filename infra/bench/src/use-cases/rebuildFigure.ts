import { userProfileV1 } from '@ums/projector/profile/userProfileV1';
import { dropCopy } from '@ums/projector/rebuild/dropCopy';
import { rebuild } from '@ums/projector/rebuild/rebuild';
import type pg from 'pg';
import { cpuOfTree } from '../load/cpuOfTree.js';
import { type Figure, formatNumber } from '../report/figure.js';
import type { UseCases } from './openUseCases.js';

/** P11: how fast a projection is rebuilt beside the live one, with its indexes. The log server runs in this process. */
export const rebuildFigure = async ({ deps }: UseCases, pool: pg.Pool): Promise<Figure> => {
  const { eventLog, keys } = deps;
  const [startedAt, cpuBefore] = [performance.now(), await cpuOfTree(process.pid)];
  const events = await rebuild({ projection: userProfileV1, pool, eventLog, keys }, () => undefined);
  const seconds = (performance.now() - startedAt) / 1_000;
  const cpuSeconds = ((await cpuOfTree(process.pid)) - cpuBefore) / 1_000;
  await dropCopy(pool, userProfileV1, 'next');
  return {
    name: 'P11 rebuild of a projection',
    measured: events / seconds,
    unit: 'events/s',
    target: { atLeast: 15_000 },
    details: `wall clock, ${events} events; ${formatNumber(events / cpuSeconds)} events/cpu-s with log server, vault and read model`,
  };
};
