import { silentLog } from '@ums/kit/log';
import type { Active } from '@ums/kit/single-active/whileActive';
import { publisherMetrics } from '@ums/projector/publisher/publisherMetrics';
import type { PublisherDeps } from '@ums/projector/publisher/runPublisher';
import { until } from '../../infra/kit/test/until.js';
import type { FakeBroker } from './fakeBroker.js';
import type { World } from './world.js';

/** The dependencies of a publisher between a world and a broker. */
export const publisherDeps = (
  { pool, eventLog }: Pick<World, 'pool' | 'eventLog'>,
  { openSession }: Pick<FakeBroker, 'openSession'>,
): PublisherDeps => ({ pool, eventLog, log: silentLog, metrics: publisherMetrics(), openSession });

/** An active period whose lease never ends. */
export const activeUntil = (signal: AbortSignal): Active => ({ signal, lastPingAt: () => performance.now() });

/** Whether everything in the log is published. */
export const isPublished = async ({ pool, eventLog }: Pick<World, 'pool' | 'eventLog'>): Promise<boolean> => {
  const { rows } = await pool.query("select position from read.checkpoint where name = 'publisher'");
  return rows[0]?.position === String(await eventLog.head());
};

export const untilPublished = (world: Pick<World, 'pool' | 'eventLog'>): Promise<void> =>
  until(() => isPublished(world));

/** As {@link untilPublished} after an outage of the broker, from which a busy machine recovers in up to two minutes. */
export const untilPublishedAtLast = (world: Pick<World, 'pool' | 'eventLog'>): Promise<void> =>
  until(() => isPublished(world), 125_000);
