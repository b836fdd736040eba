import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '../../../infra/kit/test/until.js';
import { fakeBroker } from '../../test/fakeBroker.js';
import { inTopic } from '../../test/publishedRecords.js';
import { activeUntil, publisherDeps, untilPublished } from '../../test/publisherWorld.js';
import { createWorld, USER_SUSPENDED, type World } from '../../test/world.js';
import { keepPublishing } from './keepPublishing.js';

describe('the first batch of a publisher', () => {
  let world: World;
  const stops = [new AbortController(), new AbortController()] as const;
  const running: Promise<void>[] = [];
  let commit: () => void = () => undefined;
  beforeAll(async () => {
    world = await createWorld();
  });
  afterEach(async () => {
    commit();
    for (const stop of stops) stop.abort();
    await Promise.all(running);
  });
  afterAll(() => world.close());

  const waitsForLock = async (): Promise<boolean> => {
    const { rows } = await world.pool.query(
      `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
    );
    return rows.length > 0;
  };

  it('F-14 keeps its states when another instance begins before it has committed', async () => {
    const userId = await world.register('Ada');
    const broker = fakeBroker();
    const start = ({ signal }: AbortController): void => {
      running.push(keepPublishing(publisherDeps(world, broker), activeUntil(signal)));
    };
    const sent = new Promise<void>((resolve) => {
      broker.onSend = async (moment, kind) => {
        if (moment === 'before' || kind === 'states') return;
        broker.onSend = async () => undefined;
        resolve();
        await new Promise<void>((release) => (commit = release));
      };
    });
    start(stops[0]);
    await sent;
    start(stops[1]);
    await until(waitsForLock);
    stops[0].abort();
    commit();
    await running[0];

    await world.append(userId, USER_SUSPENDED);
    await untilPublished(world);
    const states = inTopic(broker.records, 'users.state.v1').filter(({ key }) => key === userId);
    expect(states.at(-1)).toMatchObject({ headers: { ce_revision: '1' } });
  });
});
