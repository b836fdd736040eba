import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { BrokerRecord } from '@ums/contracts/kafka/cloudEvent';
import { RecordTooLarge } from '@ums/kit/kafka/kafkaFailure';
import { TopicMismatch } from '@ums/kit/kafka/topicFaults';
import { silentLog } from '@ums/kit/log';
import { until } from '../../../infra/kit/test/until.js';
import { type FakeBroker, fakeBroker } from '../../test/fakeBroker.js';
import { inTopic } from '../../test/publishedRecords.js';
import { activeUntil, publisherDeps, untilPublished } from '../../test/publisherWorld.js';
import { createWorld, type World } from '../../test/world.js';
import { keepPublishing } from './keepPublishing.js';

describe('a publisher that needs an operator', () => {
  let world: World;
  let broker: FakeBroker;
  let stop: AbortController;
  let running: Promise<void>[];
  beforeAll(async () => {
    world = await createWorld();
  });
  beforeEach(() => {
    broker = fakeBroker();
    stop = new AbortController();
    running = [];
  });
  afterEach(async () => {
    stop.abort();
    await Promise.all(running);
  });
  afterAll(() => world.close());

  const start = (change: object = {}): void => {
    const deps = { ...publisherDeps(world, broker), ...change };
    running.push(keepPublishing(deps, activeUntil(stop.signal)));
  };

  it('halves a batch that is too large, and never skips a record', async () => {
    const userIds = [];
    for (const name of ['a', 'b', 'c', 'd', 'e']) userIds.push(await world.register(name));
    const [, , large] = userIds;
    let isRefused = true;
    const tooLarge = (records: readonly BrokerRecord[]) =>
      records.length > 4 || (isRefused && records.some(({ key }) => key === large));
    broker.onSend = async (moment, _, records) => {
      if (moment === 'before' && tooLarge(records)) throw new RecordTooLarge(['users.events.v1']);
    };
    const errors: unknown[] = [];
    const log = { ...silentLog, error: (message: string, fields?: object) => void errors.push([message, fields]) };
    start({ log });
    await until(() => errors.length > 0);
    expect(errors).toEqual([
      ['publisher waits for an operator', expect.objectContaining({ error: expect.any(RecordTooLarge) })],
    ]);
    const published = new Set(inTopic(broker.records, 'users.events.v1').map(({ key }) => key));
    expect(userIds.map((userId) => published.has(userId))).toEqual([true, true, false, false, false]);
    isRefused = false;
    stop.abort();
    stop = new AbortController();
    start();
    await untilPublished(world);
    expect(new Set(inTopic(broker.records, 'users.events.v1').map(({ key }) => key))).toEqual(new Set(userIds));
  });

  it('waits for an operator while the topics have other settings', async () => {
    const errors: unknown[] = [];
    const log = { ...silentLog, error: (message: string) => void errors.push(message) };
    const openSession = async () => {
      throw new TopicMismatch(['users.events.v1 has 1 partition']);
    };
    start({ log, openSession });
    await until(() => errors.length > 0);
    expect(errors).toEqual(['publisher waits for an operator']);
  });
});
