import { afterAll, afterEach, beforeAll, beforeEach } from '@jest/globals';
import { keepPublishing } from '@ums/projector/publisher/keepPublishing';
import { type FakeBroker, fakeBroker } from './fakeBroker.js';
import { activeUntil, publisherDeps } from './publisherWorld.js';
import { createWorld, type World } from './world.js';

/** Publishers of the tests of a file, which share a world. Each test gets a new broker, and its publishers end with it. */
export const publisherOnFakeBroker = () => {
  let world: World;
  let broker: FakeBroker;
  let stop: AbortController;
  let running: Promise<void>[];
  const stopAll = async (): Promise<void> => {
    stop.abort();
    await Promise.all(running.splice(0));
    stop = new AbortController();
  };
  beforeAll(async () => {
    world = await createWorld();
  });
  beforeEach(() => {
    broker = fakeBroker();
    stop = new AbortController();
    running = [];
  });
  afterEach(stopAll);
  afterAll(() => world.close());

  return {
    world: () => world,
    broker: () => broker,
    /** Starts a publisher, with some dependencies replaced. */
    start: (change: object = {}): void => {
      const deps = { ...publisherDeps(world, broker), ...change };
      running.push(keepPublishing(deps, activeUntil(stop.signal)));
    },
    stopAll,
  };
};
