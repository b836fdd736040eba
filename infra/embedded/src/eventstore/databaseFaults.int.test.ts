import { randomUUID } from 'node:crypto';
import { ANY, NO_STREAM } from '@eventstore/db-client';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { type FaultProxy, startFaultProxy } from '../../../kit/test/faultProxy.js';
import { until } from '../../../kit/test/until.js';
import { eventLogClient, recordSubscription } from '../../test/eventLogClient.js';
import { execute, testDatabase } from '../../test/postgres.js';
import { type EventStore, startEventStore } from './startEventStore.js';

/** Longer than a pause of a slow machine, where the faults are others. */
const PATIENT_MS = 10_000;
/** Of the tests of the time-out of a statement, which wait until it has passed. */
const IMPATIENT_MS = 2_000;
const timing = { lock: 100, retry: 20, lockAttempts: 3 };
let database: Awaited<ReturnType<typeof testDatabase>>;
let proxy: FaultProxy;
let store: EventStore;
let eventLog: ReturnType<typeof eventLogClient>;
let fatal: Error[];
let failures: unknown[];

const start = async (statement: number) => {
  database = await testDatabase('log');
  const url = new URL(database.url);
  proxy = await startFaultProxy(Number(url.port), 'other');
  url.port = `${proxy.port}`;
  fatal = [];
  failures = [];
  store = await startEventStore({
    ...{ databaseUrl: url.href, timing: { ...timing, statement } },
    onFatal: (error) => fatal.push(error),
    onWriteFailed: (error) => failures.push(error),
  });
  eventLog = eventLogClient(store.url);
};

afterEach(async () => {
  await eventLog.dispose();
  await store.close();
  await proxy.close();
  await database.drop();
});

/** Repeats an append until it succeeds; until then every call must fail with `unavailable`, which says nothing of its outcome. */
const appendAgain = async (
  ...[stream, expected, events = [{ id: randomUUID() }]]: Parameters<typeof eventLog.append>
) => {
  for (;;) {
    const answer = await eventLog.append(stream, expected, events).catch((error) => {
      expect(error).toMatchObject({ type: 'unavailable' });
      return undefined;
    });
    if (answer) return answer;
  }
};

describe('an event log server whose database fails', () => {
  beforeEach(() => start(PATIENT_MS));

  it('F-02 F-16 recognises a repeated append whose answer was lost after the commit', async () => {
    for (let round = 1n; round <= 10n; round += 1n) {
      // After this append the server has cached the stream's head, so the next append sends only its commit.
      await appendAgain('s', round === 1n ? NO_STREAM : 2n * round - 3n);
      const lost = { id: randomUUID() };
      await proxy.set('drop-reply');
      await expect(eventLog.append('s', 2n * round - 2n, [lost])).rejects.toMatchObject({ type: 'unavailable' });
      const { rowCount } = await execute(database.url, `select from log_event where id = '${lost.id}'`);
      expect(rowCount).toBe(1);
      expect((await appendAgain('s', 2n * round - 2n, [lost])).nextExpectedRevision).toBe(2n * round - 1n);
    }
    expect(await eventLog.ids('s')).toHaveLength(20);
  });

  it('F-16 sends subscribers the events of a commit whose answer was lost', async () => {
    const record = recordSubscription(eventLog.client.subscribeToAll());
    await until(() => record.caughtUp === 1);
    // The server has cached the stream's head then, so the next append sends only its commit.
    await appendAgain('s', NO_STREAM);
    await proxy.set('drop-reply');
    const lost = { id: randomUUID() };
    await expect(eventLog.append('s', 0n, [lost])).rejects.toMatchObject({ type: 'unavailable' });
    await appendAgain('s', 0n, [lost]);
    await appendAgain('s', 1n);
    await until(() => record.ids.length === 3);
    expect(record.ids).toEqual(await eventLog.ids('s'));
  });

  it('F-03 F-16 reports why a write failed, and recovers once the disk has space again', async () => {
    await execute(
      database.url,
      `create function refuse() returns trigger language plpgsql as
         $$ begin raise exception 'could not extend file' using errcode = 'disk_full'; end $$;
       create trigger full_disk before insert on log_event execute function refuse()`,
    );
    await expect(eventLog.append('s', NO_STREAM)).rejects.toMatchObject({ type: 'unavailable' });
    expect(failures).toEqual([expect.objectContaining({ code: '53100' })]);
    await execute(database.url, 'drop trigger full_disk on log_event');
    await appendAgain('s', NO_STREAM);
    expect(await eventLog.ids('s')).toHaveLength(1);
  });

  it('F-03 F-16 recovers after all connections were broken', async () => {
    await eventLog.append('s', NO_STREAM);
    await eventLog.ids('s');
    // Waits for the end of each: a connection that is about to end may take the next read.
    await execute(
      database.url,
      `select pg_terminate_backend(pid, 10000) from pg_stat_activity
       where datname = current_database() and pid <> pg_backend_pid()`,
    );
    await appendAgain('s', 0n);
    expect(await eventLog.ids('s')).toHaveLength(2);
  });

  it('F-16 loses and duplicates no event when connections break under load', async () => {
    const acknowledged: string[] = [];
    const writer = async (stream: string) => {
      for (let revision = -1n; revision < 30n; revision += 1n) {
        const event = { id: randomUUID() };
        await appendAgain(stream, revision < 0n ? NO_STREAM : revision, [event]);
        acknowledged.push(event.id);
        if (revision === 10n) proxy.resetConnections();
      }
    };
    await Promise.all(['a', 'b', 'c', 'd'].map(writer));
    const written = (await eventLog.all()).map(({ id }) => id);
    expect(written.sort()).toEqual(acknowledged.sort());
  });

  it('F-14 refuses appends and reports it while another server holds the log', async () => {
    const otherServer = new pg.Client({ connectionString: database.url });
    await otherServer.connect();
    const taken = otherServer.query('select pg_advisory_lock(7106407, 0)');
    const waiting = `select from pg_locks where locktype = 'advisory' and not granted
      and database = (select oid from pg_database where datname = current_database())`;
    await until(async () => (await execute(database.url, waiting)).rowCount === 1);
    proxy.resetConnections();
    await taken;
    await until(() => fatal.length === 1);
    expect(fatal[0]?.message).toBe('Another event log server is running on this database; stop it first.');
    await expect(eventLog.append('s', NO_STREAM)).rejects.toMatchObject({ type: 'unavailable' });
    await otherServer.end();
    await appendAgain('s', NO_STREAM);
  });
});

describe('an event log server whose database does not answer in time', () => {
  beforeEach(() => start(IMPATIENT_MS));

  it('F-03 F-16 answers within its timeout while the database hangs, and recovers afterwards', async () => {
    await appendAgain('s', NO_STREAM);
    await proxy.set('hang');
    const calls = await Promise.allSettled([
      eventLog.append('s', 0n),
      eventLog.append('t', ANY),
      eventLog.ids('s'),
      eventLog.all(),
    ]);
    for (const call of calls) expect(call).toMatchObject({ status: 'rejected', reason: { type: 'unavailable' } });
    await expect(eventLog.append('u', ANY)).rejects.toMatchObject({ type: 'unavailable' });
    await proxy.set('pass');
    await appendAgain('v', NO_STREAM);
    expect(await eventLog.ids('v')).toHaveLength(1);
  });

  it('F-16 ends a read that its database does not answer, and reads again over another connection', async () => {
    await eventLog.append('s', NO_STREAM);
    await eventLog.ids('s');
    const { connections } = proxy;
    await proxy.set('swallow-reply');
    await expect(eventLog.ids('s')).rejects.toMatchObject({ type: 'unavailable' });
    expect(await eventLog.ids('s')).toHaveLength(1);
    expect(proxy.connections).toBe(connections + 1);
  });

  it('F-16 ends a read whose statement takes too long, also on the database, and reads again afterwards', async () => {
    await eventLog.append('s', NO_STREAM);
    const holder = new pg.Client({ connectionString: database.url });
    await holder.connect();
    await holder.query('begin; lock table log_event in access exclusive mode');
    await expect(eventLog.ids('s')).rejects.toMatchObject({ type: 'unavailable' });
    // The server has ended it, too.
    const waiting = `select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
    await until(async () => (await holder.query(waiting)).rowCount === 0);
    await holder.end();
    expect(await eventLog.ids('s')).toHaveLength(1);
  });

  it('stops while its database hangs', async () => {
    await proxy.set('hang');
    const last = eventLog.append('s', NO_STREAM).catch((error: Error) => error);
    await store.close();
    expect(await last).toMatchObject({ type: 'unavailable' });
    await proxy.set('pass');
    store = await startEventStore({ databaseUrl: database.url, timing: { lock: PATIENT_MS } });
  });
});
