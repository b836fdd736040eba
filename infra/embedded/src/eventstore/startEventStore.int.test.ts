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
let log: ReturnType<typeof eventLogClient>;

const start = async () => {
  store = await startEventStore({ databaseUrl: database.url });
  log = eventLogClient(store.url);
};
const stop = async () => {
  await log.dispose();
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

describe('a log server', () => {
  it('F-01 keeps what it acknowledged over a restart, and goes on where it stood', async () => {
    const first = await log.append('s', NO_STREAM, [{}, {}]);
    const before = await log.all();
    await stop();
    await start();
    expect(await log.all()).toEqual(before);
    const next = await log.append('s', 1n);
    expect(next.nextExpectedRevision).toBe(2n);
    expect(next.position?.commit).toBeGreaterThan(first.position?.commit ?? 0n);
  });

  it('F-02 knows an append again after a restart, whatever it expects', async () => {
    const events = [{ id: randomUUID() }, { id: randomUUID() }];
    const first = await log.append('s', NO_STREAM, events);
    await log.append('s', 1n);
    await stop();
    await start();
    for (const expected of [NO_STREAM, ANY] as const) expect(await log.append('s', expected, events)).toEqual(first);
    expect(await log.ids('s')).toHaveLength(3);
  });

  it('commits many appends in one transaction and never part of one', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, index) => log.append(`s-${index}`, NO_STREAM, [{}, {}, {}])));
    const { rows } = await execute(
      database.url,
      `select count(distinct xmin::text)::int as transactions,
         (select count(*)::int from (select 1 from log_event group by stream_key having count(distinct xmin::text) > 1) torn) as torn
       from log_event`,
    );
    expect(rows[0].torn).toBe(0);
    expect(rows[0].transactions).toBeLessThan(100);
  });

  it('gives rising positions with gaps, the same to writers and readers', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => log.append('s', ANY)));
    const read = (await log.all()).map(({ position }) => position);
    expect(answers.map(({ position }) => position?.commit).sort()).toEqual([...read].sort());
    for (const [index, position] of read.entries())
      if (index > 0) expect(position - (read[index - 1] ?? 0n)).toBeGreaterThan(99n);
  });

  it('refuses a second server on its database with one sentence and goes on itself', async () => {
    const second = startEventStore({ databaseUrl: database.url, timing: { lock: 100 } });
    await expect(second).rejects.toThrow(
      new EngineFailed('Another event log server is running on this database; stop it first.'),
    );
    expect((await log.append('s', NO_STREAM)).success).toBe(true);
  });

  it('refuses a taken port with one sentence and leaves the database free', async () => {
    const other = await testDatabase('log');
    const refused = startEventStore({ databaseUrl: other.url, port: store.port });
    await expect(refused).rejects.toThrow(`Port ${store.port} of 127.0.0.1 is taken by another program.`);
    await (await startEventStore({ databaseUrl: other.url })).close();
    await other.drop();
  });

  it('refuses an address that is not its own with one sentence', async () => {
    const other = await testDatabase('log');
    await expect(startEventStore({ databaseUrl: other.url, host: '192.0.2.1' })).rejects.toThrow(EngineFailed);
    await other.drop();
  });

  it('gives the database back when it cannot be reached at its address', async () => {
    const other = await testDatabase('log');
    await expect(startEventStore({ databaseUrl: other.url, host: '' })).rejects.toThrow('No addresses resolved');
    await (await startEventStore({ databaseUrl: other.url, timing: { lock: 1 } })).close();
    await other.drop();
  });

  it('refuses a database that is not there with one sentence, without its password', async () => {
    const url = new URL(database.url);
    url.pathname = '/missing';
    await expect(startEventStore({ databaseUrl: url.href })).rejects.toThrow(
      /^The log's database cannot be used \(3D000\)\.$/,
    );
    url.port = '1';
    await expect(startEventStore({ databaseUrl: url.href })).rejects.toThrow(/\(ECONNREFUSED\)\.$/);
  });

  it('F-13 ends subscriptions with an error when it stops', async () => {
    const record = recordSubscription(log.client.subscribeToAll());
    await until(() => record.caughtUp === 1);
    await store.close();
    await until(() => record.errors.length > 0);
    expect(record.errors).toMatchObject([{ type: 'unavailable' }]);
    await log.dispose();
    await start();
  });

  it('F-16b R-07 serves a slow live reader from the database once it fell behind, exactly once and in order', async () => {
    // A client of its own: calls that share a connection share its flow control too.
    const lagging = eventLogClient(store.url);
    const slow = lagging.client.subscribeToAll({ fromPosition: END });
    const slowly = recordSubscription(slow);
    const other = recordSubscription(log.client.subscribeToAll({ fromPosition: END }));
    await until(() => slowly.caughtUp === 1 && other.caughtUp === 1);
    slow.pause();
    const big = { data: { filling: 'x'.repeat(200_000) } };
    for (let index = 0; index < 120; index += 1) await log.append(`s-${index % 3}`, ANY, [big]);
    await until(() => other.ids.length === 120);
    expect(slowly.ids.length).toBeLessThan(120);
    slow.resume();
    await until(() => slowly.ids.length === 120 && slowly.caughtUp > 1);
    expect(slowly.ids).toEqual((await log.all()).map(({ id }) => id));
    expect(other.ids).toEqual(slowly.ids);
    await lagging.dispose();
  });
});
