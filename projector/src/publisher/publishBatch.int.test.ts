import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Checkpoint } from '@ums/kit/event-log/checkpoint';
import { until } from '../../../infra/kit/test/until.js';
import { type FakeBroker, fakeBroker } from '../../test/fakeBroker.js';
import { activeUntil, publisherDeps } from '../../test/publisherWorld.js';
import { createWorld, type World } from '../../test/world.js';
import { publishBatch, publisherCheckpoint } from './publishBatch.js';

describe('publishBatch', () => {
  let world: World;
  let broker: FakeBroker;
  let from: Checkpoint;
  const { signal } = new AbortController();
  beforeAll(async () => {
    world = await createWorld();
  });
  beforeEach(async () => {
    broker = fakeBroker();
    from = await publisherCheckpoint().begin(world.pool, world.logId);
    await world.register('Ada');
  });
  afterAll(() => world.close());

  const publish = async (active = activeUntil(signal)): Promise<Checkpoint> => {
    const events = await world.eventLog.readAll(from.position < 0n ? undefined : from.position, 100);
    return publishBatch(publisherDeps(world, broker), await broker.openSession(), active, from, events);
  };

  it('F-14 sends nothing when another instance has moved the checkpoint', async () => {
    await publish();
    const sent = broker.records.length;
    expect(sent).toBeGreaterThan(0);
    await expect(publish()).rejects.toMatchObject({ name: 'Superseded' });
    expect(broker.records).toHaveLength(sent);
  });

  it('F-14 sends nothing when an instance on another cluster has come to the same position', async () => {
    const noted = (cluster: string) => world.pool.query('update read.checkpoint set cluster_id = $1', [cluster]);
    await noted('other');
    broker.clusterId = 'own';
    await expect(publish()).rejects.toMatchObject({ name: 'Superseded' });
    expect(broker.records).toEqual([]);
    await noted('own');
    await publish();
    expect(broker.records.length).toBeGreaterThan(0);
  });

  it('F-14 sends nothing while another instance is sending', async () => {
    let release: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const first = fakeBroker();
    let isSending = false;
    first.onSend = async () => {
      isSending = true;
      await held;
    };
    const events = await world.eventLog.readAll(from.position, 100);
    const sending = publishBatch(
      publisherDeps(world, first),
      await first.openSession(),
      activeUntil(signal),
      from,
      events,
    );
    await until(() => isSending);
    const second = expect(publish()).rejects.toMatchObject({ name: 'Superseded' });
    const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await until(async () => (await world.pool.query(waiting)).rows.length > 0);
    release();
    await sending;
    await second;
    expect(broker.records).toEqual([]);
  });

  it('F-14 waits for the lease before each send', async () => {
    let lastPing = performance.now() - 60_000;
    const publishing = publish({ signal, lastPingAt: () => lastPing });
    const inTransaction = `select 1 from pg_stat_activity
      where datname = current_database() and state = 'idle in transaction' and query like '%public_state%'`;
    await until(async () => (await world.pool.query(inTransaction)).rows.length > 0);
    expect(broker.records).toEqual([]);
    broker.onSend = async (moment, kind) => {
      if (moment === 'after' && kind === 'states') lastPing = performance.now() - 60_000;
    };
    lastPing = performance.now();
    await until(() => broker.sends.length === 1);
    expect(broker.records.map(({ topic }) => topic)).toEqual(['users.state.v1']);
    lastPing = performance.now();
    await publishing;
    expect(broker.sends).toHaveLength(2);
  });

  it('sends no events after a fenced send of states', async () => {
    const session = await broker.openSession();
    await broker.openSession();
    const events = await world.eventLog.readAll(from.position, 100);
    const publishing = publishBatch(publisherDeps(world, broker), session, activeUntil(signal), from, events);
    await expect(publishing).rejects.toMatchObject({ name: 'Fenced' });
    expect(broker.records).toEqual([]);
  });
});
