import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createLog, silentLog } from '@ums/kit/log';
import type pg from 'pg';
import { execute, testDatabase } from '../../../embedded/test/postgres.js';
import { startFaultProxy } from '../../test/faultProxy.js';
import { createPool } from './pool.js';
import { inSnapshot, isDataError, isUnavailable, isUniqueViolation, withTransaction } from './transaction.js';

describe('withTransaction', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await testDatabase();
    await execute(database.url, 'create table row (id int primary key)');
    pool = createPool({ url: database.url, applicationName: 'test', max: 2, statementTimeoutMs: 400, log: silentLog });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const ids = async () => (await execute(database.url, 'select id from row order by id')).rows.map(({ id }) => id);
  const insert = (tx: Pick<pg.ClientBase, 'query'>, id: number) => tx.query('insert into row values ($1)', [id]);
  const backend = async (tx: Pick<pg.ClientBase, 'query'>): Promise<number> =>
    (await tx.query('select pg_backend_pid() as pid')).rows[0].pid;
  const terminate = (pid: number) => execute(database.url, `select pg_terminate_backend(${pid})`);

  it('F-10 commits what its work did, with its result', async () => {
    expect(await withTransaction(pool, async (tx) => (await insert(tx, 1)).rowCount)).toBe(1);
    expect(await ids()).toEqual([1]);
  });

  it('F-10 rolls back when its work fails, keeping the connection', async () => {
    let pid: number | undefined;
    const work = async (tx: pg.ClientBase) => {
      pid = await backend(tx);
      await insert(tx, 2);
      throw new Error('thought better of it');
    };
    await expect(withTransaction(pool, (tx) => work(tx as pg.ClientBase))).rejects.toThrow('thought better of it');
    expect(await ids()).toEqual([1]);
    expect(await withTransaction(pool, backend)).toBe(pid);
  });

  it('rolls back what the database refused, and says why', async () => {
    const refused = withTransaction(pool, async (tx) => {
      await insert(tx, 3);
      await insert(tx, 1);
    });
    const error = await refused.catch((thrown: unknown) => thrown);
    expect([isUniqueViolation(error), isDataError(error), isUnavailable(error)]).toEqual([true, true, false]);
    expect(await ids()).toEqual([1]);
  });

  it('runs at the isolation asked for, and reads of a snapshot see one moment', async () => {
    const sql = 'select current_setting($1) as value';
    const level = await withTransaction(pool, (tx) => tx.query(sql, ['transaction_isolation']), {
      isolation: 'serializable',
    });
    expect(level.rows).toEqual([{ value: 'serializable' }]);
    const [before, after] = await inSnapshot(pool, async (tx) => {
      const first = (await tx.query('select count(*) from row')).rows;
      await execute(database.url, 'insert into row values (100)');
      return [first, (await tx.query('select count(*) from row')).rows];
    });
    expect(after).toEqual(before);
    await expect(inSnapshot(pool, (tx) => insert(tx, 4))).rejects.toMatchObject({ code: '25006' });
  });

  it('F-16 survives a connection killed between two statements, and uses another one next', async () => {
    const killed = withTransaction(pool, async (tx) => {
      await insert(tx, 5);
      await terminate(await backend(tx));
      await insert(tx, 6);
    });
    expect(isUnavailable(await killed.catch((error: unknown) => error))).toBe(true);
    expect(await ids()).not.toContain(5);
    await expect(withTransaction(pool, backend)).resolves.toBeGreaterThan(0);
  });

  it('F-16 ends a statement that takes too long, and does not use its connection again', async () => {
    let pid: number | undefined;
    const slow = withTransaction(pool, async (tx) => {
      pid = await backend(tx);
      await tx.query('select pg_sleep(60)');
    });
    expect(isUnavailable(await slow.catch((error: unknown) => error))).toBe(true);
    expect(await withTransaction(pool, backend)).not.toBe(pid);
  });

  it('does not give back a connection whose rollback failed', async () => {
    let pid: number | undefined;
    const work = withTransaction(pool, async (tx) => {
      pid = await backend(tx);
      await terminate(pid);
      throw new Error('after the connection was gone');
    });
    await expect(work).rejects.toThrow('after the connection was gone');
    expect(await withTransaction(pool, backend)).not.toBe(pid);
  });
});

describe('createPool', () => {
  it('F-16 outlives a server that refuses, hangs and loses connections, and logs each loss', async () => {
    const database = await testDatabase();
    const target = new URL(database.url);
    const proxy = await startFaultProxy(Number(target.port), 'other');
    target.port = String(proxy.port);
    const lines: string[] = [];
    const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } });
    const limits = { statementTimeoutMs: 100, connectTimeoutMs: 300 };
    const pool = createPool({ url: target.href, applicationName: 'test', max: 2, ...limits, log });
    const answers = async () => (await pool.query('select 1 as one')).rows;
    const unavailable = async () => isUnavailable(await answers().catch((error: unknown) => error));

    expect(await answers()).toEqual([{ one: 1 }]);
    proxy.cut();
    while (pool.totalCount > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['postgres connection lost']);
    expect(await answers()).toEqual([{ one: 1 }]);
    for (const mode of ['refuse', 'hang'] as const) {
      await proxy.set(mode);
      expect(await unavailable()).toBe(true);
      expect(await unavailable()).toBe(true);
      proxy.cut();
      await proxy.set('pass');
      while (await unavailable()) await new Promise((resolve) => setTimeout(resolve, 5));
      expect(await answers()).toEqual([{ one: 1 }]);
    }
    await pool.end();
    await proxy.close();
    await database.drop();
  });
});
