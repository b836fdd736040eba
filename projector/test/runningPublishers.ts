import { silentLog } from '@ums/kit/log';
import {
  type RunningPublisher,
  type StartPublisherDeps,
  startPublisher,
} from '@ums/projector/publisher/startPublisher';
import type { World } from './world.js';

/** Starts publishers of a world on a real broker, and stops them all at the end. */
export const runningPublishers = (world: World) => {
  const running: RunningPublisher[] = [];
  return {
    start: async (brokers: string, change: Partial<StartPublisherDeps> = {}): Promise<RunningPublisher> => {
      const { pool, eventLog, readUrl: url, logId } = world;
      const kafka = { brokers: brokers.split(','), clientId: 'projector', log: silentLog };
      const deps = { pool, eventLog, head: eventLog.head, url, logId, kafka, log: silentLog, ...change };
      const publisher = await startPublisher(deps);
      running.push(publisher);
      return publisher;
    },
    stopAll: async (): Promise<void> => {
      await Promise.all(running.splice(0).map(({ stop }) => stop()));
    },
  };
};
