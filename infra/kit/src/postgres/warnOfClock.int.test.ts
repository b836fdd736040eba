import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import type pg from 'pg';
import { testDatabase } from '../../../embedded/test/postgres.js';
import { createPool } from './pool.js';
import { warnOfClock } from './warnOfClock.js';

describe('warnOfClock', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await testDatabase();
    pool = createPool({ url: database.url, applicationName: 'test', log: silentLog });
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
  });

  const warnings = async (aheadMs: number): Promise<unknown[]> => {
    const warned: unknown[] = [];
    const log = { ...silentLog, warn: (_: string, fields?: object) => void warned.push(fields) };
    await warnOfClock(pool, log, () => Date.now() + aheadMs);
    return warned;
  };

  it('says by how much the clock of this machine differs from that of the database, and nothing of small differences', async () => {
    expect(await warnings(0)).toEqual([]);
    expect(await warnings(-5_000)).toEqual([]);
    expect(await warnings(45_000)).toEqual([{ reason: '45 s ahead of the database' }]);
    expect(await warnings(-45_000)).toEqual([{ reason: '45 s behind the database' }]);
  });

  it('fails with the error of the database', async () => {
    const failing = { query: () => Promise.reject(new Error('down')) } as unknown as pg.Pool;
    await expect(warnOfClock(failing, silentLog)).rejects.toThrow('down');
  });
});
