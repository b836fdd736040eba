import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { BrokerRecord } from '@ums/contracts/kafka/cloudEvent';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { expectContract } from '../../../contracts/test/contractMismatches.js';
import { type FakeBroker, fakeBroker } from '../../test/fakeBroker.js';
import { activeUntil, publisherDeps, untilPublished } from '../../test/publisherWorld.js';
import { createWorld, USER_ERASURE_STARTED, USER_SUSPENDED, type World } from '../../test/world.js';
import { keepPublishing } from './keepPublishing.js';
import { republishEvents } from './republishEvents.js';
import { republishStates } from './republishStates.js';
import { resending } from './resending.js';

describe('publishing again', () => {
  let world: World;
  let broker: FakeBroker;
  let stop: AbortController;
  let publishing: Promise<void>;
  beforeAll(async () => {
    world = await createWorld();
    broker = fakeBroker();
    stop = new AbortController();
    publishing = keepPublishing(publisherDeps(world, broker), activeUntil(stop.signal));
  });
  afterAll(async () => {
    stop.abort();
    await publishing;
    await world.close();
  });

  const collecting = () => {
    const records: BrokerRecord[] = [];
    const progress: unknown[] = [];
    const send = async (sent: readonly BrokerRecord[]): Promise<void> => {
      for (const record of sent) expectContract(record.topic.name, record);
      records.push(...sent);
    };
    return { records, progress, deps: { send, onProgress: (step: unknown) => void progress.push(step) } };
  };
  const positionOf = (index: number): bigint => world.eventLog.events[index]?.position ?? 0n;

  it('sends the public events of a range, both ends included, to the replay topic', async () => {
    const userId = await world.register('Ada');
    await world.rename(userId, 'Ada King');
    await world.append(userId, USER_SUSPENDED);
    const last = world.eventLog.events.length - 1;
    const all = collecting();
    expect(await republishEvents(world.eventLog, { from: 0n, to: positionOf(last) }, all.deps)).toBe(3);
    expect(new Set(all.records.map(({ topic }) => topic.name))).toEqual(new Set(['users.events.v1.replay']));
    await untilPublished(world);
    const live = broker.records.filter(({ topic }) => topic === 'users.events.v1');
    expect(all.records.map(({ key, value, headers }) => ({ key, value, headers }))).toEqual(
      live.map(({ key, value, headers }) => ({ key, value, headers })),
    );
    const part = collecting();
    const range = { from: positionOf(last - 1), to: positionOf(last - 1) };
    expect(await republishEvents(world.eventLog, range, part.deps)).toBe(1);
    expect(part.records.map(({ headers }) => headers.ce_id)).toEqual([world.eventLog.events[last - 1]?.id]);
    expect(part.progress).toEqual([{ position: positionOf(last - 1), events: 1, records: 1 }]);
  });

  it('reads a long range in pages', async () => {
    const userId = await world.register('Eve');
    for (let count = 0; count < 1_100; count++) await world.rename(userId, `name ${count}`);
    const from = world.eventLog.events.findIndex(({ stream }) => stream.endsWith(userId));
    const { deps, records, progress } = collecting();
    expect(await republishEvents(world.eventLog, { from: positionOf(from), to: 10n ** 18n }, deps)).toBe(1_101);
    expect(records.map(({ headers }) => headers.ce_revision)).toEqual(
      Array.from({ length: 1_101 }, (_, i) => String(i)),
    );
    expect(progress.length).toBeGreaterThan(1);
  });

  it('refuses a range that begins at no event', async () => {
    const range = { from: positionOf(2) + 1n, to: 10n ** 18n };
    await expect(republishEvents(world.eventLog, range, collecting().deps)).rejects.toThrow(
      /holds no event at position/,
    );
  });

  it('sends the current state of every user again, tombstones included', async () => {
    const erased = await world.register('Bob');
    await world.append(erased, USER_ERASURE_STARTED);
    await untilPublished(world);
    const { deps, records } = collecting();
    const counts: number[] = [];
    const sent = await republishStates(world.pool, deps.send, (count) => void counts.push(count));
    expect(sent).toBe(counts.at(-1));
    const last = new Map(
      broker.records.filter(({ topic }) => topic === 'users.state.v1').map((record) => [record.key, record]),
    );
    expect(new Map(records.map((record) => [record.key, { ...record, topic: record.topic.name }]))).toEqual(last);
    expect(last.get(erased)?.value).toBeNull();
  });

  it('F-14 never sends a state after a newer one that the publisher sends meanwhile', async () => {
    const userId = await world.register('Ada');
    await untilPublished(world);
    const order: (string | undefined)[] = [];
    const note = (records: readonly BrokerRecord[]): void => {
      for (const { topic, key, headers } of records)
        if (topic.name === 'users.state.v1' && key === userId) order.push(headers.ce_revision);
    };
    broker.onSend = async (moment, _, records) => {
      if (moment === 'before') note(records);
    };
    let changed: Promise<unknown> | undefined;
    const send = async (records: readonly BrokerRecord[]): Promise<void> => {
      if (records.some(({ key }) => key === userId)) {
        changed = world.append(userId, USER_SUSPENDED);
        await changed;
        const waiting = `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
        while ((await world.pool.query(waiting)).rows.length === 0);
      }
      note(records);
    };
    await republishStates(world.pool, send, () => undefined);
    await changed;
    await untilPublished(world);
    expect(order).toEqual(['0', '1']);
  });

  it('sends again with another producer when a broker did not answer, three times at most', async () => {
    let opened = 0;
    let failures = 2;
    const producer = resending(async () => {
      opened += 1;
      return {
        destroy: () => undefined,
        send: async () => {
          if (failures-- > 0) throw new DependencyUnavailable('kafka');
        },
      };
    });
    await producer.send([]);
    expect(opened).toBe(3);
    failures = 3;
    await expect(producer.send([])).rejects.toMatchObject({ dependency: 'kafka' });
    expect(opened).toBe(5);
    producer.destroy();
  });
});
