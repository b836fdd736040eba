import { silentLog } from '@ums/kit/log';
import { projectionMetrics } from '@ums/projector/projection/projectionMetrics';
import { userProfileV1 } from '@ums/projector/user/userProfileV1';
import type { World } from './world.js';

/** What a session over a world needs. */
export const depsOver = ({ pool, log, keys }: Pick<World, 'pool' | 'log' | 'keys'>) => ({
  projection: userProfileV1,
  pool,
  log,
  keys,
  suspects: new Set<string>(),
  logs: silentLog,
  metrics: projectionMetrics('test'),
});

/** Whether the stored checkpoint is at the head of the log. */
export const caughtUp = async ({ pool, log }: Pick<World, 'pool' | 'log'>): Promise<boolean> => {
  const { rows } = await pool.query<{ position: string }>('select position from read.checkpoint');
  return rows[0]?.position === String(await log.head());
};
