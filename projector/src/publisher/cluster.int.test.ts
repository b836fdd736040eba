import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { until } from '../../../infra/kit/test/until.js';
import { type FakeBroker, fakeBroker } from '../../test/fakeBroker.js';
import { inTopic } from '../../test/publishedRecords.js';
import { publisherOnFakeBroker } from '../../test/publisherOnFakeBroker.js';
import { untilPublished } from '../../test/publisherWorld.js';
import type { World } from '../../test/world.js';

describe('a publisher on another Kafka cluster', () => {
  let world: World;
  const publishers = publisherOnFakeBroker();
  beforeEach(async () => {
    world = publishers.world();
    await world.pool.query('delete from read.checkpoint');
    await world.register('Ada');
  });

  const cluster = (clusterId: string | undefined): FakeBroker => Object.assign(fakeBroker(), { clusterId });
  const warnings: unknown[] = [];
  const log = { ...silentLog, warn: (message: string, fields?: object) => void warnings.push({ message, ...fields }) };
  const publishOn = async ({ openSession, clusterId }: FakeBroker): Promise<void> => {
    warnings.splice(0);
    publishers.start({ openSession, log });
    if (clusterId !== undefined) await until(async () => (await storedCluster()) === clusterId);
    await untilPublished(world);
    await publishers.stopAll();
  };
  const sent = ({ records }: FakeBroker): unknown[] =>
    inTopic(records, 'users.work.v1').map(({ headers }) => headers.ce_id);
  const logged = (): string[] =>
    world.eventLog.events.filter(({ stream }) => stream.startsWith('user-')).map(({ id }) => id);
  const storedCluster = async (): Promise<unknown> =>
    (await world.pool.query(`select cluster_id from read.checkpoint where name = 'publisher'`)).rows[0]?.cluster_id;

  it('F-11 begins with the first event, and again on the way back, and names both clusters', async () => {
    const [first, second] = [cluster('first'), cluster('second')];
    await publishOn(first);
    expect(sent(first)).toEqual(logged());
    const before = sent(first).length;
    await world.register('Eve');
    await publishOn(second);
    expect(sent(second)).toEqual(logged());
    expect(new Set(inTopic(second.records, 'users.state.v1').map(({ key }) => key)).size).toBe(logged().length);
    expect(warnings).toEqual([
      {
        message: 'publisher begins with the first event, because Kafka is another cluster',
        reason: 'the checkpoint was made on cluster first, and the brokers are of cluster second',
      },
    ]);
    await world.register('Bob');
    await publishOn(second);
    expect([sent(second), warnings]).toEqual([logged(), []]);
    await publishOn(first);
    expect(sent(first).slice(before)).toEqual(logged());
    expect(warnings).toHaveLength(1);
  });

  it('F-11 goes on at a checkpoint that names no cluster, and notes the one that it meets', async () => {
    await publishOn(cluster(undefined));
    expect(await storedCluster()).toBeNull();
    const first = cluster('first');
    await world.register('Eve');
    await publishOn(first);
    expect([sent(first), warnings]).toEqual([logged().slice(-1), []]);
    expect(await storedCluster()).toBe('first');
  });

  it('F-11 goes on where the brokers tell no cluster', async () => {
    await publishOn(cluster('first'));
    const silent = cluster(undefined);
    await world.register('Eve');
    await publishOn(silent);
    expect([sent(silent), warnings]).toEqual([logged().slice(-1), []]);
    expect(await storedCluster()).toBe('first');
  });

  it('F-12 publishes nothing where consumers have read another event log, and fences no publisher there', async () => {
    await publishOn(cluster('first'));
    const other = cluster('other');
    const itsPublisher = await other.openSession();
    other.consumedLogs = [world.logId, randomUUID()];
    const errors: unknown[] = [];
    publishers.start({
      openSession: other.openSession,
      log: { ...silentLog, error: (message: string, fields?: object) => void errors.push({ message, ...fields }) },
    });
    await until(() => errors.length > 0);
    await publishers.stopAll();
    expect(errors).toEqual([
      {
        message: 'publisher waits for an operator',
        attempt: 1,
        error: expect.objectContaining({ name: 'TopicMismatch', message: expect.stringContaining('cluster other') }),
      },
    ]);
    expect(other.records).toEqual([]);
    await itsPublisher.sendStates([]);
    expect(await storedCluster()).toBe('first');
    other.consumedLogs = [world.logId];
    await publishOn(other);
    expect(sent(other)).toEqual(logged());
  });
});
