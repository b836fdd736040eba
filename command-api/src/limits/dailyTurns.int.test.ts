import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import type pg from 'pg';
import { type TestClock, testClock } from '../../../infra/kit/test/testClock.js';
import { addressKey } from '../../test/testLimits.js';
import { PATIENT_POOL, type TestVault, testVault } from '../../test/testVault.js';
import { createDailyTurns } from './dailyTurns.js';

const ROUTE = '/user/export';
const NONE_LEFT = expect.objectContaining({ slug: 'too-many-attempts' });

let vault: TestVault;
let clock: TestClock;
beforeEach(async () => {
  vault = await testVault();
  clock = testClock();
});
afterEach(() => vault.close());

const turns = (perDay = 1, pool: pg.Pool = vault.pool) => createDailyTurns({ vault: pool, clock, addressKey, perDay });

describe('turns of a day', () => {
  it('R-10 are as many as allowed for each user and route, until midnight in UTC', async () => {
    const { take } = turns(2);
    for (let taken = 0; taken < 2; taken += 1) await take(ROUTE, 'ada');
    const error = await take(ROUTE, 'ada').catch((refusal: unknown) => refusal);
    expect(error).toEqual(NONE_LEFT);
    const { retryAfterSeconds } = (error as { details: { retryAfterSeconds: number } }).details;
    const midnight = Math.ceil(clock.now().getTime() / 86_400_000 + 1e-9) * 86_400_000;
    expect(clock.now().getTime() + retryAfterSeconds * 1_000).toBe(midnight);
    await take(ROUTE, 'eve');
    await take('/another', 'ada');
    clock.advance(retryAfterSeconds * 1_000);
    await take(ROUTE, 'ada');
  });

  it('R-10 are free again as soon as they are given back', async () => {
    const { take } = turns();
    const giveBack = await take(ROUTE, 'ada');
    await expect(take(ROUTE, 'ada')).rejects.toEqual(NONE_LEFT);
    await giveBack();
    await take(ROUTE, 'ada');
    await expect(take(ROUTE, 'ada')).rejects.toEqual(NONE_LEFT);
  });

  it('R-04 R-10 are counted exactly by parallel requests to two processes', async () => {
    const other = createPool({ url: vault.url, applicationName: 'other', ...PATIENT_POOL, log: silentLog });
    const both = [turns(3), turns(3, other)] as const;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 40 }, (_, at) => both[at % 2 === 0 ? 0 : 1].take(ROUTE, 'ada')),
    );
    await other.end();
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
  });

  it('R-10 take none while the vault is down, and store no id of a user', async () => {
    const gone = createPool({ url: vault.url.replace(/:\d+\//, ':1/'), applicationName: 'gone', log: silentLog });
    await expect(turns(1, gone).take(ROUTE, 'ada')).rejects.toThrow('ECONNREFUSED');
    await gone.end();
    await turns().take(ROUTE, 'ada');
    const { rows } = await vault.pool.query<{ row: string }>('select request_count::text as row from request_count');
    expect([rows.length, rows.some(({ row }) => row.includes('ada'))]).toEqual([1, false]);
  });
});
