import { beforeEach, describe, expect, it } from '@jest/globals';
import type { BrokerRecord } from '@ums/contracts/kafka/cloudEvent';
import { RecordTooLarge } from '@ums/kit/kafka/kafkaFailure';
import { TopicMismatch } from '@ums/kit/kafka/topicFaults';
import { silentLog } from '@ums/kit/log';
import { until } from '../../../infra/kit/test/until.js';
import type { FakeBroker } from '../../test/fakeBroker.js';
import { inTopic } from '../../test/publishedRecords.js';
import { publisherOnFakeBroker } from '../../test/publisherOnFakeBroker.js';
import { untilPublished } from '../../test/publisherWorld.js';
import type { World } from '../../test/world.js';

describe('a publisher that needs an operator', () => {
  let world: World;
  let broker: FakeBroker;
  const publishers = publisherOnFakeBroker();
  const { start } = publishers;
  beforeEach(() => {
    world = publishers.world();
    broker = publishers.broker();
  });

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
    await publishers.stopAll();
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
