import { randomUUID } from 'node:crypto';
import { ANY, END, NO_STREAM } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '../../../kit/test/until.js';
import { eventLogClient, recordSubscription } from '../../test/eventLogClient.js';
import { execute, testDatabase } from '../../test/postgres.js';
import { EngineFailed } from '../engineFailed.js';
import { type EventStore, startEventStore } from './startEventStore.js';

let database: Awaited<ReturnType<typeof testDatabase>>;
let store: EventStore;
let eventLog: ReturnType<typeof eventLogClient>;

const start = async () => {
  store = await startEventStore({ databaseUrl: database.url });
  eventLog = eventLogClient(store.url);
};
const stop = async () => {
  await eventLog.dispose();
  await store.close();
};

beforeEach(async () => {
  database = await testDatabase('log');
  await start();
});

afterEach(async () => {
  await stop();
  await database.drop();
});

describe('an event log server', () => {
  it('F-01 keeps acknowledged events across a restart and continues after them', async () => {
    const first = await eventLog.append('s', NO_STREAM, [{}, {}]);
    const before = await eventLog.all();
    await stop();
    await start();
    expect(await eventLog.all()).toEqual(before);
    const next = await eventLog.append('s', 1n);
    expect(next.nextExpectedRevision).toBe(2n);
    expect(next.position?.commit).toBeGreaterThan(first.position?.commit ?? 0n);
  });

  it('F-02 recognises a repeated append after a restart, whatever its expected revision', async () => {
    const events = [{ id: randomUUID() }, { id: randomUUID() }];
    const first = await eventLog.append('s', NO_STREAM, events);
    await eventLog.append('s', 1n);
    await stop();
    await start();
    for (const expected of [NO_STREAM, ANY] as const)
      expect(await eventLog.append('s', expected, events)).toEqual(first);
    expect(await eventLog.ids('s')).toHaveLength(3);
  });

  it('commits many appends in one transaction and never splits an append', async () => {
    await Promise.all(
      Array.from({ length: 200 }, (_, index) => eventLog.append(`s-${index}`, NO_STREAM, [{}, {}, {}])),
    );
    const { rows } = await execute(
      database.url,
      `select count(distinct xmin::text)::int as transactions,
         (select count(*)::int from (select 1 from log_event group by stream_key having count(distinct xmin::text) > 1) torn) as torn
       from log_event`,
    );
    expect(rows[0].torn).toBe(0);
    expect(rows[0].transactions).toBeLessThan(100);
  });

  it('assigns rising positions with gaps, the same for writers and readers', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => eventLog.append('s', ANY)));
    const read = (await eventLog.all()).map(({ position }) => position);
    expect(answers.map(({ position }) => position?.commit).sort()).toEqual([...read].sort());
    for (const [index, position] of read.entries())
      if (index > 0) expect(position - (read[index - 1] ?? 0n)).toBeGreaterThan(99n);
  });

  it('refuses a second server on its database with one sentence and keeps running', async () => {
    const second = startEventStore({ databaseUrl: database.url, timing: { lock: 100 } });
    await expect(second).rejects.toThrow(
      new EngineFailed('Another event log server is running on this database; stop it first.'),
    );
    expect((await eventLog.append('s', NO_STREAM)).success).toBe(true);
  });

  it('fails with one sentence when the port is taken and does not lock the database', async () => {
    const other = await testDatabase('log');
    const refused = startEventStore({ databaseUrl: other.url, port: store.port });
    await expect(refused).rejects.toThrow(`Port ${store.port} of 127.0.0.1 is taken by another program.`);
    await (await startEventStore({ databaseUrl: other.url })).close();
    await other.drop();
  });

  it('fails with one sentence when the address is not local', async () => {
    const other = await testDatabase('log');
    await expect(startEventStore({ databaseUrl: other.url, host: '192.0.2.1' })).rejects.toThrow(EngineFailed);
    await other.drop();
  });

  it('releases the database when it cannot listen', async () => {
    const other = await testDatabase('log');
    await expect(startEventStore({ databaseUrl: other.url, host: '' })).rejects.toThrow('No addresses resolved');
    await (await startEventStore({ databaseUrl: other.url, timing: { lock: 1 } })).close();
    await other.drop();
  });

  it('fails with one sentence without a password when the database is missing', async () => {
    const url = new URL(database.url);
    url.pathname = '/missing';
    await expect(startEventStore({ databaseUrl: url.href })).rejects.toThrow(
      /^The event log's database cannot be used \(3D000\)\.$/,
    );
    url.port = '1';
    await expect(startEventStore({ databaseUrl: url.href })).rejects.toThrow(/\(ECONNREFUSED\)\.$/);
  });

  it('F-13 ends subscriptions with an error when it stops', async () => {
    const record = recordSubscription(eventLog.client.subscribeToAll());
    await until(() => record.caughtUp === 1);
    await store.close();
    await until(() => record.errors.length > 0);
    expect(record.errors).toMatchObject([{ type: 'unavailable' }]);
    await eventLog.dispose();
    await start();
  });

  it('F-16b R-07 serves a live reader that fell behind from the database, exactly once and in order', async () => {
    // Calls that share a connection share its flow control, so the slow reader needs its own client.
    const lagging = eventLogClient(store.url);
    const slow = lagging.client.subscribeToAll({ fromPosition: END });
    const slowRecord = recordSubscription(slow);
    const fastRecord = recordSubscription(eventLog.client.subscribeToAll({ fromPosition: END }));
    await until(() => slowRecord.caughtUp === 1 && fastRecord.caughtUp === 1);
    slow.pause();
    const big = { data: { filling: 'x'.repeat(200_000) } };
    for (let index = 0; index < 120; index += 1) await eventLog.append(`s-${index % 3}`, ANY, [big]);
    await until(() => fastRecord.ids.length === 120);
    expect(slowRecord.ids.length).toBeLessThan(120);
    slow.resume();
    await until(() => slowRecord.ids.length === 120 && slowRecord.caughtUp > 1);
    expect(slowRecord.ids).toEqual((await eventLog.all()).map(({ id }) => id));
    expect(fastRecord.ids).toEqual(slowRecord.ids);
    await lagging.dispose();
  }, 180_000);
});
