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

  const warnings = async (database: Pick<pg.Pool, 'query'>, now: () => number): Promise<unknown[]> => {
    const warned: unknown[] = [];
    const log = { ...silentLog, warn: (_: string, fields?: object) => void warned.push(fields) };
    await warnOfClock(database, log, now);
    return warned;
  };
  const ahead = (ms: number) => () => Date.now() + ms;

  it('warns when the clock of this machine is ahead of that of the database or behind it, but not of small differences', async () => {
    expect(await warnings(pool, ahead(0))).toEqual([]);
    expect(await warnings(pool, ahead(-5_000))).toEqual([]);
    expect(await warnings(pool, ahead(45_000))).toMatchObject([{ reason: expect.stringMatching(/ s ahead of the/) }]);
    expect(await warnings(pool, ahead(-45_000))).toMatchObject([{ reason: expect.stringMatching(/ s behind the/) }]);
  });

  it('says by how much, without the time that the answer took', async () => {
    const at = new Date('2026-11-28T09:30:00Z');
    const answering = { query: async () => ({ rows: [{ at }] }) } as unknown as pg.Pool;
    const askedAt = (ms: number) => {
      const times = [at.getTime() + ms, at.getTime() + ms + 3_000];
      return () => times.shift() ?? 0;
    };
    expect(await warnings(answering, askedAt(45_000))).toEqual([{ reason: '45 s ahead of the database' }]);
    expect(await warnings(answering, askedAt(-48_000))).toEqual([{ reason: '45 s behind the database' }]);
  });

  it('fails with the error of the database', async () => {
    const failing = { query: () => Promise.reject(new Error('down')) } as unknown as pg.Pool;
    await expect(warnOfClock(failing, silentLog)).rejects.toThrow('down');
  });
});
