import { describe, expect, it } from '@jest/globals';
import { createLog, silentLog } from '@ums/kit/log';
import { waitOf } from '@ums/kit/wait';
import type pg from 'pg';
import { execute, testDatabase } from '../../../embedded/test/postgres.js';
import { startFaultProxy } from '../../test/faultProxy.js';
import { PATIENT_MS } from '../../test/patientMs.js';
import { until } from '../../test/until.js';
import { codeOf, isDown, isUnavailable } from './errors.js';
import { createPool } from './pool.js';
import { withTransaction } from './transaction.js';

describe('createPool', () => {
  it('F-16 survives a server that refuses, hangs and loses connections, and logs each lost connection', async () => {
    const database = await testDatabase();
    const target = new URL(database.url);
    const proxy = await startFaultProxy(Number(target.port), 'other');
    target.port = String(proxy.port);
    const lines: string[] = [];
    const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } });
    const options = { url: target.href, applicationName: 'test', max: 2, log };
    const patient = createPool({ ...options, statementTimeoutMs: PATIENT_MS, connectTimeoutMs: PATIENT_MS });
    // For the server that hangs. A busy machine may take longer for an answer, so it is asked until there is one.
    const impatient = createPool({ ...options, statementTimeoutMs: 100, connectTimeoutMs: 300 });
    const answers = async (pool: pg.Pool) => (await pool.query('select 1 as one')).rows;
    const errorOf = (pool: pg.Pool) =>
      answers(pool).then(
        () => undefined,
        (error: unknown) => error,
      );
    const untilAnswered = (pool: pg.Pool) => until(async () => (await errorOf(pool)) === undefined);

    expect(await answers(patient)).toEqual([{ one: 1 }]);
    proxy.resetConnections();
    await until(() => patient.totalCount === 0);
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['postgres connection lost']);
    expect(await answers(patient)).toEqual([{ one: 1 }]);
    for (const [pool, mode, limit] of [
      [patient, 'refuse', 'ECONNREFUSED'],
      [impatient, 'hang', 'Connection terminated due to connection timeout'],
    ] as const) {
      await untilAnswered(pool);
      await proxy.set(mode);
      expect(isUnavailable(await errorOf(pool))).toBe(true);
      expect(isUnavailable(await errorOf(pool))).toBe(true);
      const wait = { dependency: `postgres${target.pathname}`, limit, waitedMs: expect.any(Number) };
      expect(waitOf(await errorOf(pool))).toEqual(wait);
      const inTransaction = await withTransaction(pool, async () => undefined).catch((error: unknown) => error);
      expect(waitOf(inTransaction)).toMatchObject({ limit });
      proxy.resetConnections();
      await proxy.set('pass');
      await untilAnswered(pool);
    }
    await patient.end();
    await impatient.end();
    await proxy.close();
    await database.drop();
  });

  it('F-16 counts a refused connection as an outage whatever its code is, and a refused statement as none', async () => {
    const database = await testDatabase();
    const pool = createPool({ url: database.url, applicationName: 'test', log: silentLog });
    const name = new URL(database.url).pathname.slice(1);
    const server = new URL('/postgres', database.url).href;
    const errorOf = async (work: Promise<unknown>): Promise<unknown> =>
      work.then(() => undefined).catch((error) => error);
    // The codes that a closed database and one without the right to connect are answered with.
    for (const code of ['55000', '42501']) {
      const error = await errorOf(pool.query(`do $$ begin raise sqlstate '${code}'; end $$`));
      expect([codeOf(error), isDown(error)]).toEqual([code, false]);
    }
    await execute(server, `alter database "${name}" allow_connections false`);
    await execute(server, `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${name}'`);
    await until(() => pool.totalCount === 0);
    for (const work of [pool.query('select 1'), pool.connect(), withTransaction(pool, async () => undefined)]) {
      const error = await errorOf(work);
      expect([codeOf(error), isDown(error)]).toEqual(['55000', true]);
    }
    await execute(server, `alter database "${name}" allow_connections true`);
    expect((await pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
    await database.drop();
  });

  it('F-16 logs no connection that the server ends while the pool ends', async () => {
    const database = await testDatabase();
    const lines: string[] = [];
    const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } });
    const pool = createPool({ url: database.url, applicationName: 'test', log });
    const client = await pool.connect();
    client.release();
    const ended = pool.end();
    client.emit('error', Object.assign(new Error('terminating connection'), { code: '57P01' }));
    await ended;
    expect(lines).toEqual([]);
    await database.drop();
  });

  it('finds tables, reads times and stores nulls in arrays where the database is set to something else', async () => {
    const database = await testDatabase();
    const name = new URL(database.url).pathname.slice(1);
    const setTo = async (setting: string) => execute(database.url, `alter database "${name}" set ${setting}`);
    await setTo(`datestyle = 'German'`);
    await setTo('array_nulls = off');
    await setTo(`default_transaction_isolation = 'serializable'`);
    await setTo('search_path = private');
    await setTo('lock_timeout = 10');
    const pool = createPool({ url: database.url, applicationName: 'test', max: 1, plansOnce: true, log: silentLog });
    const { rows } = await pool.query(
      `select '2026-11-28T09:30:00Z'::timestamptz as at, $1::text[] as texts, current_setting('search_path') as path,
       current_setting('lock_timeout') as locks, current_setting('plan_cache_mode') as plans, current_setting('transaction_isolation') as isolation`,
      [['a', null]],
    );
    await pool.end();
    await database.drop();
    expect(rows).toEqual([
      {
        at: new Date('2026-11-28T09:30:00Z'),
        texts: ['a', null],
        path: '"$user",public',
        locks: '0',
        plans: 'force_generic_plan',
        isolation: 'read committed',
      },
    ]);
  });

  it('follows indexes only, where it is told to, also where a scan of the table would cost less', async () => {
    const database = await testDatabase();
    const options = { url: database.url, applicationName: 'test', log: silentLog };
    const pools = [createPool(options), createPool({ ...options, indexScansOnly: true })];
    await pools[0]?.query('create table place (id int primary key); insert into place values (1)');
    const plans = [];
    for (const pool of pools) {
      const { rows } = await pool.query('explain (format json) select * from place where id > 0');
      plans.push(rows[0]['QUERY PLAN'][0].Plan['Node Type']);
      await pool.end();
    }
    expect(plans[0]).not.toMatch(/Index (Only )?Scan$/);
    expect(plans[1]).toMatch(/^Index (Only )?Scan$/);
    await database.drop();
  });

  it('plans a statement once, where it is told to, also where plans for its values would cost less', async () => {
    const database = await testDatabase();
    const options = { url: database.url, applicationName: 'test', max: 1, log: silentLog };
    const pools = [createPool(options), createPool({ ...options, plansOnce: true })];
    await pools[0]?.query(
      'create table place as select id from generate_series(1, 20000) as id; create index on place (id); analyze place',
    );
    const plans = [];
    for (const pool of pools) {
      for (let call = 0; call < 9; call += 1)
        await pool.query({ name: 'places', text: 'select * from place where id > $1::int', values: [20_000 - call] });
      const { rows } = await pool.query(
        `select generic_plans::int as once, custom_plans::int as anew from pg_prepared_statements where name = 'places'`,
      );
      plans.push(rows[0]);
      await pool.end();
    }
    expect(plans).toEqual([
      { once: 0, anew: 9 },
      { once: 9, anew: 0 },
    ]);
    await database.drop();
  });
});
