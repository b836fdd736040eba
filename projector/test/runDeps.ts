import { silentLog } from '@ums/kit/log';
import { userProfileV1 } from '@ums/projector/profile/userProfileV1';
import { projectionMetrics } from '@ums/projector/projection/projectionMetrics';
import type { World } from './world.js';

/** The dependencies of a run of `userProfileV1`. */
export const runDepsOf = ({ pool, eventLog, keys }: Pick<World, 'pool' | 'eventLog' | 'keys'>) => ({
  projection: userProfileV1,
  pool,
  eventLog,
  keys,
  reportedGaps: new Set<string>(),
  log: silentLog,
  metrics: projectionMetrics('test'),
});

/** Whether the stored checkpoint is at the head of the log. */
export const isCaughtUp = async ({ pool, eventLog }: Pick<World, 'pool' | 'eventLog'>): Promise<boolean> => {
  const { rows } = await pool.query<{ position: string }>(
    `select position from read.checkpoint where name not like '%_whole'`,
  );
  return rows[0]?.position === String(await eventLog.head());
};
