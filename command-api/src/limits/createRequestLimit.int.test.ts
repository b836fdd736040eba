import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import type pg from 'pg';
import { type TestClock, testClock } from '../../../infra/kit/test/testClock.js';
import { addressKey } from '../../test/testLimits.js';
import { PATIENT_POOL, type TestVault, testVault } from '../../test/testVault.js';
import { createDayLimit, createRequestLimit } from './createRequestLimit.js';
import { sweepRequestCounts } from './requestCountRow.js';

const SOURCE = '192.0.2.1';
const ROUTE = '/auth/register';

let vault: TestVault;
let clock: TestClock;
beforeEach(async () => {
  vault = await testVault();
  clock = testClock('2026-01-01T12:00:20.000Z');
});
afterEach(async () => {
  jest.restoreAllMocks();
  await vault.close();
});

const limitOf = (perWindow: number, pool: pg.Pool = vault.pool) =>
  createRequestLimit({ vault: pool, clock, addressKey, perWindow, windowMs: 60_000 });
/** @returns how many of these requests are let through. */
const admitted = async (limit: ReturnType<typeof limitOf>, requests: number, source = SOURCE) => {
  const outcomes = await Promise.allSettled(Array.from({ length: requests }, () => limit.count(ROUTE, source)));
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
};
const rows = async () => (await vault.pool.query('select source, requests from request_count')).rows;

describe('request limit', () => {
  it('R-08 lets a source send its number of requests in a minute and no more, also in parallel', async () => {
    const limit = limitOf(30);
    expect(await admitted(limit, 100)).toBe(30);
    await expect(limit.count(ROUTE, SOURCE)).rejects.toMatchObject({
      slug: 'too-many-attempts',
      details: { retryAfterSeconds: 40 },
    });
    clock.advance(40_000);
    expect(await admitted(limit, 100)).toBe(30);
  });

  it('R-08 counts each source and each route by itself', async () => {
    const limit = limitOf(3);
    expect(await admitted(limit, 5)).toBe(3);
    expect(await admitted(limit, 5, '198.51.100.1')).toBe(3);
    await limit.count('/auth/login', SOURCE);
  });

  it.each([3, 60])('takes back requests that had no effect, with a limit of %i', async (perWindow) => {
    const [limit, other] = [limitOf(perWindow), limitOf(perWindow)];
    for (let request = 0; request < 2 * perWindow; request++) {
      await limit.count(ROUTE, SOURCE);
      await limit.giveBack(ROUTE, SOURCE);
    }
    expect(await admitted(other, perWindow + 5)).toBe(perWindow);
  });

  it('refuses a source that it knows to be over the limit without counting it', async () => {
    const limit = limitOf(3);
    limit.refuseExcess(ROUTE, SOURCE);
    await admitted(limit, 5);
    const before = await rows();
    expect(() => limit.refuseExcess(ROUTE, SOURCE)).toThrow(expect.objectContaining({ slug: 'too-many-attempts' }));
    expect(await rows()).toEqual(before);
  });

  it('R-04 shares the count between processes', async () => {
    const other = createPool({ url: vault.url, applicationName: 'other', ...PATIENT_POOL, log: silentLog });
    const [one, two] = [limitOf(10), limitOf(10, other)];
    let sent = 0;
    for (let round = 0; round < 10; round += 1) sent += (await admitted(one, 1)) + (await admitted(two, 1));
    await other.end();
    expect(sent).toBe(10);
  });

  it('R-08 lets processes exceed the limit by a twentieth each at most', async () => {
    const both = [limitOf(100), limitOf(100)] as const;
    let sent = 0;
    for (let round = 0; round < 100; round += 1) for (const limit of both) sent += await admitted(limit, 1);
    expect(sent).toBeGreaterThanOrEqual(100);
    expect(sent).toBeLessThanOrEqual(110);
  });

  it('R-08 costs one statement for each twentieth of the limit, and none once a source is refused', async () => {
    const limit = limitOf(300);
    const query = jest.spyOn(vault.pool, 'query');
    expect(await admitted(limit, 14)).toBe(14);
    expect(query).toHaveBeenCalledTimes(0);
    await limit.count(ROUTE, SOURCE);
    expect(query).toHaveBeenCalledTimes(1);
    expect(await admitted(limit, 1_000)).toBe(285);
    expect(query).toHaveBeenCalledTimes(20);
  });

  it('R-04 fails while the vault is down, and counts those requests afterwards', async () => {
    const limit = limitOf(3);
    const down = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    jest.spyOn(vault.pool, 'query').mockImplementationOnce(() => Promise.reject(down) as never);
    await expect(limit.count(ROUTE, SOURCE)).rejects.toBe(down);
    await limit.count(ROUTE, SOURCE);
    expect((await rows())[0]).toMatchObject({ requests: 2 });
    expect(await admitted(limit, 5)).toBe(1);
  });

  it('R-09 uses up no part of a day while the vault is down', async () => {
    const limit = createDayLimit({ vault: vault.pool, clock, addressKey, perWindow: 3 });
    const query = jest.spyOn(vault.pool, 'query');
    for (let time = 1; time <= 5; time++) {
      query.mockImplementationOnce(() => Promise.reject(new Error('read-only')) as never);
      await expect(limit.count(ROUTE, SOURCE)).rejects.toThrow('read-only');
    }
    expect(await admitted(limit, 5)).toBe(3);
    expect((await rows())[0]).toMatchObject({ requests: 3 });
  });

  it('R-08 starts a new window when the clock is set back', async () => {
    const limit = limitOf(3);
    expect(await admitted(limit, 5)).toBe(3);
    clock.advance(-3_600_000);
    expect(await admitted(limit, 5)).toBe(3);
  });

  it('G-01 stores no network address, and deletes the counts of past windows', async () => {
    await limitOf(3).count(ROUTE, SOURCE);
    expect((await rows()).map(({ source }) => source.includes(SOURCE))).toEqual([false]);
    await sweepRequestCounts(vault.pool, clock.now());
    expect(await rows()).toHaveLength(1);
    clock.advance(60_000);
    await sweepRequestCounts(vault.pool, clock.now());
    expect(await rows()).toEqual([]);
  });
});
