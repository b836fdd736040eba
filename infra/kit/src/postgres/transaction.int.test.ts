import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import type pg from 'pg';
import { execute, testDatabase } from '../../../embedded/test/postgres.js';
import { PATIENT_MS } from '../../test/patientMs.js';
import { codeOf, isDataError, isUnavailable } from './errors.js';
import { createPool } from './pool.js';
import { type Transaction, withTransaction } from './transaction.js';

/** Longer than a busy machine takes. */
const patient = {
  ...{ connectTimeoutMs: PATIENT_MS, statementTimeoutMs: PATIENT_MS },
  ...{ applicationName: 'test', log: silentLog },
};

describe('withTransaction', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let pool: pg.Pool;

  beforeAll(async () => {
    database = await testDatabase();
    await execute(database.url, 'create table row (id int primary key)');
    pool = createPool({ ...patient, url: database.url, max: 2 });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const ids = async () => (await execute(database.url, 'select id from row order by id')).rows.map(({ id }) => id);
  const insert = (tx: Transaction, id: number) => tx.query('insert into row values ($1)', [id]);
  const backend = async (tx: Transaction): Promise<number> =>
    (await tx.query('select pg_backend_pid() as pid')).rows[0].pid;
  const terminate = (pid: number) => execute(database.url, `select pg_terminate_backend(${pid})`);

  it('F-10 commits the work and returns its result', async () => {
    expect(await withTransaction(pool, async (tx) => (await insert(tx, 1)).rowCount)).toBe(1);
    expect(await ids()).toEqual([1]);
  });

  it('F-10 rolls back when the work fails, and keeps the connection', async () => {
    let pid: number | undefined;
    const work = async (tx: Transaction) => {
      pid = await backend(tx);
      await insert(tx, 2);
      throw new Error('the work failed');
    };
    await expect(withTransaction(pool, work)).rejects.toThrow('the work failed');
    expect(await ids()).toEqual([1]);
    expect(await withTransaction(pool, backend)).toBe(pid);
  });

  it('rolls back when the database refuses a statement, and passes the error on', async () => {
    const refused = withTransaction(pool, async (tx) => {
      await insert(tx, 3);
      await insert(tx, 1);
    });
    const error = await refused.catch((thrown: unknown) => thrown);
    expect([codeOf(error), isDataError(error), isUnavailable(error)]).toEqual(['23505', true, false]);
    expect(await ids()).toEqual([1]);
  });

  it('runs at read committed', async () => {
    const { rows } = await withTransaction(pool, (tx) =>
      tx.query('select current_setting($1) as value', ['transaction_isolation']),
    );
    expect(rows).toEqual([{ value: 'read committed' }]);
  });

  it('F-16 survives a connection killed between two statements, and uses another one afterwards', async () => {
    const killed = withTransaction(pool, async (tx) => {
      await insert(tx, 5);
      await terminate(await backend(tx));
      await insert(tx, 6);
    });
    expect(isUnavailable(await killed.catch((error: unknown) => error))).toBe(true);
    expect(await ids()).not.toContain(5);
    await expect(withTransaction(pool, backend)).resolves.toBeGreaterThan(0);
  });

  it('F-16 ends a statement that takes too long, and never reuses its connection', async () => {
    const impatient = createPool({ ...patient, url: database.url, max: 1, statementTimeoutMs: 400 });
    const slow = withTransaction(impatient, (tx) => tx.query('select pg_sleep(60)'));
    expect(isUnavailable(await slow.catch((error: unknown) => error))).toBe(true);
    expect(impatient.totalCount).toBe(0);
    await impatient.end();
  });

  it('does not return a connection to the pool when its rollback failed', async () => {
    let pid: number | undefined;
    const work = withTransaction(pool, async (tx) => {
      pid = await backend(tx);
      await terminate(pid);
      throw new Error('the connection is gone');
    });
    await expect(work).rejects.toThrow('the connection is gone');
    expect(await withTransaction(pool, backend)).not.toBe(pid);
  });
});
