import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import { stopMonotonicClock } from '../../../infra/kit/test/stopMonotonicClock.js';
import type { TestClock } from '../../../infra/kit/test/testClock.js';
import { addressKey, type TestLimits, testLimits } from '../../test/testLimits.js';
import { PATIENT_POOL, type TestVault } from '../../test/testVault.js';
import { sweepAttempts } from './attemptRow.js';
import { accountNameOf, attemptBuckets } from './buckets.js';

const mac = Buffer.alloc(32, 9);
const by = (account: string, source = '192.0.2.1') => ({ account, source });
const wrong = async () => false;
const right = async () => true;
const tooMany = { slug: 'too-many-attempts' };

/** The id of no user. */
const UNKNOWN_USER = '0199c0de-0000-4000-8000-00000000dead';

describe('credential limits', () => {
  let vault: TestVault;
  let clock: TestClock;
  let limitsOver: TestLimits['limitsOver'];

  beforeEach(async () => {
    ({ vault, clock, limitsOver } = await testLimits());
  });
  afterEach(() => {
    jest.restoreAllMocks();
    return vault.close();
  });

  const rows = async (state: string) =>
    (await vault.pool.query('select id from attempt where state = $1', [state])).rows.length;

  it('R-02 checks no more than the limit of 200 parallel wrong guesses', async () => {
    const limits = limitsOver();
    let checked = 0;
    const guess = async () => {
      checked += 1;
      await sleep(5);
      return false;
    };
    const outcomes = await Promise.allSettled(Array.from({ length: 200 }, () => limits.attempt(by('a'), guess)));
    expect(checked).toBe(10);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(tooMany);
    expect([await rows('failed'), await rows('in-flight')]).toEqual([10, 0]);
  });

  it('R-02 lets 20 parallel correct logins succeed', async () => {
    const limits = limitsOver();
    // The two seconds for which an attempt waits never pass.
    stopMonotonicClock();
    const login = async () => {
      await sleep(20);
      return true;
    };
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => limits.attempt(by('a'), login)));
    expect(outcomes).toEqual(Array(20).fill(true));
    expect(await rows('in-flight')).toBe(0);
  });

  it('R-02 forget the failures of one account from one source when it has proven itself otherwise', async () => {
    const limits = limitsOver();
    for (const counted of [by('a'), by('a', '192.0.2.2'), by('b')]) await limits.attempt(counted, wrong);
    await limits.trustSource(by('a'), UNKNOWN_USER);
    expect(await rows('failed')).toBe(2);
    await limits.trustSource(by('c'), UNKNOWN_USER);
    expect(await rows('failed')).toBe(2);
  });

  it('R-02 and R-04 count parallel guesses across two processes', async () => {
    const other = createPool({ url: vault.url, applicationName: 'other', ...PATIENT_POOL, log: silentLog });
    const both = [limitsOver(), limitsOver(other)] as const;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, at) => both[at % 2 === 0 ? 0 : 1].attempt(by('a'), wrong)),
    );
    await other.end();
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  });

  it('R-02 limits guesses from many sources at one account', async () => {
    const limits = limitsOver();
    for (let at = 0; at < 25; at += 1) await limits.attempt(by('a', `192.0.2.${at}`), wrong);
    await expect(limits.attempt(by('a', '198.51.100.1'), right)).rejects.toMatchObject(tooMany);
    clock.advance(1_000);
    expect(await limits.attempt(by('a', '198.51.100.1'), right)).toBe(true);
  });

  it('R-02 limits guesses from one source at many accounts for 15 minutes, and no other source', async () => {
    const limits = limitsOver();
    for (let at = 0; at < 40; at += 1) await limits.attempt(by(`account ${at}`), wrong);
    await expect(limits.attempt(by('another'), right)).rejects.toMatchObject({
      details: { retryAfterSeconds: 900 },
    });
    expect(await limits.attempt(by('another', '198.51.100.1'), right)).toBe(true);
    clock.advance(900_000);
    expect(await limits.attempt(by('another'), right)).toBe(true);
  });

  it('R-02 clears the failures after a success and counts from zero again', async () => {
    const limits = limitsOver();
    for (let at = 0; at < 9; at += 1) await limits.attempt(by('a'), wrong);
    await limits.attempt(by('a'), right);
    expect(await rows('failed')).toBe(0);
    for (let at = 0; at < 10; at += 1) expect(await limits.attempt(by('a'), wrong)).toBe(false);
  });

  it('R-02 does not count an attempt whose check throws', async () => {
    const limits = limitsOver();
    const broken = async (): Promise<boolean> => {
      throw new Error('the queue is full');
    };
    await expect(limits.attempt(by('a'), broken)).rejects.toThrow('the queue is full');
    expect([await rows('failed'), await rows('in-flight')]).toEqual([0, 0]);
  });

  it('F-03 sends no query to a vault that failed during the check, so the attempt counts for 30 s', async () => {
    const limits = limitsOver();
    const down = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    await expect(limits.attempt(by('a'), () => Promise.reject(down))).rejects.toBe(down);
    expect(await rows('in-flight')).toBe(1);
    for (let at = 1; at < 10; at += 1) expect(await limits.attempt(by('a'), wrong)).toBe(false);
    clock.advance(30_000);
    expect(await limits.attempt(by('a'), right)).toBe(true);
  });

  it('R-02 keeps an attempt in flight until the caller clears it, with the failures before it', async () => {
    const limits = limitsOver();
    await limits.attempt(by('a'), wrong);
    const answer = await limits.attemptThen(by('a'), right, async ({ clear }) => {
      expect([await rows('failed'), await rows('in-flight')]).toEqual([1, 1]);
      await clear();
      return 'answer';
    });
    expect([answer, await rows('failed'), await rows('in-flight')]).toEqual(['answer', 0, 0]);
  });

  it('R-02 clears an attempt that passed even if what follows throws, and calls nothing for one that did not', async () => {
    const limits = limitsOver();
    await limits.attempt(by('a'), wrong);
    const failing = () => Promise.reject(new Error('after the check'));
    await expect(limits.attemptThen(by('a'), right, failing)).rejects.toThrow('after the check');
    expect([await rows('failed'), await rows('in-flight')]).toEqual([0, 0]);
    await expect(limits.attemptThen(by('a'), wrong, failing)).resolves.toBeUndefined();
    expect([await rows('failed'), await rows('in-flight')]).toEqual([1, 0]);
  });

  it('R-02 counts an attempt of a crashed process for 30 s', async () => {
    const limits = limitsOver();
    for (let at = 0; at < 10; at += 1)
      await vault.pool.query(`insert into attempt (account, source, at, state) values ($1, $2, $3, 'in-flight')`, [
        ...[attemptBuckets(addressKey).account('a'), attemptBuckets(addressKey).source('192.0.2.1')],
        clock.now(),
      ]);
    await expect(limits.attempt(by('a'), right)).rejects.toMatchObject(tooMany);
    clock.advance(30_000);
    expect(await limits.attempt(by('a'), right)).toBe(true);
  });

  it('R-04 counts failures from before a restart', async () => {
    for (let at = 0; at < 10; at += 1) await limitsOver().attempt(by('a'), wrong);
    await expect(limitsOver().attempt(by('a'), right)).rejects.toMatchObject(tooMany);
  });

  it('R-04 runs no check while the vault is down', async () => {
    const gone = createPool({ url: vault.url.replace(/:\d+\//, ':1/'), applicationName: 'gone', log: silentLog });
    let checked = false;
    const check = async () => {
      checked = true;
      return true;
    };
    await expect(limitsOver(gone).attempt(by('a'), check)).rejects.toThrow();
    expect(checked).toBe(false);
    await gone.end();
  });

  it('R-04 throws the error of the check, not that of a vault lost meanwhile', async () => {
    const pool = createPool({ url: vault.url, applicationName: 'lost', log: silentLog });
    const check = async (): Promise<boolean> => {
      await pool.end();
      throw new Error('first');
    };
    await expect(limitsOver(pool).attempt(by('a'), check)).rejects.toThrow('first');
  });

  it('G-01 stores no address, and deletes attempts after an erasure or a day', async () => {
    const limits = limitsOver();
    await limits.attempt(by(accountNameOf(mac)), wrong);
    await limits.attempt(by('b'), wrong);
    const { rows: stored } = await vault.pool.query('select account, source from attempt');
    expect(stored.map(({ account }) => account.equals(mac))).toEqual([false, false]);
    await vault.pool.query('delete from attempt where account = $1', [
      attemptBuckets(addressKey).account(accountNameOf(mac)),
    ]);
    expect(await rows('failed')).toBe(1);
    await sweepAttempts(vault.pool, clock.now());
    expect(await rows('failed')).toBe(1);
    clock.advance(86_400_000);
    await sweepAttempts(vault.pool, clock.now());
    expect(await rows('failed')).toBe(0);
  });

  it('R-02 delays no longer than usual after a clock that was days ahead is set back', async () => {
    const limits = limitsOver();
    clock.advance(2 * 86_400_000);
    for (let at = 0; at < 10; at += 1) await limits.attempt(by('a'), wrong);
    clock.advance(-2 * 86_400_000);
    await expect(limits.attempt(by('a'), right)).rejects.toMatchObject(tooMany);
    await sweepAttempts(vault.pool, clock.now());
    clock.advance(1_000);
    expect(await limits.attempt(by('a'), right)).toBe(true);
  });

  it('keeps the times of attempts that a process with a faster clock has counted', async () => {
    await limitsOver().attempt(by('a'), wrong);
    const counted = clock.now();
    clock.advance(-60_000);
    await sweepAttempts(vault.pool, clock.now());
    expect((await vault.pool.query('select at from attempt')).rows).toEqual([{ at: counted }]);
  });

  it('deletes counted mails after an hour, when they count no more, and failures stay', async () => {
    const limits = limitsOver();
    await limits.attempt(by('a'), wrong);
    for (const state of ['mail', 'silent'])
      await vault.pool.query(`insert into attempt (account, source, at, state) values ('\\x01', '\\x02', $1, $2)`, [
        ...[clock.now(), state],
      ]);
    clock.advance(3_599_000);
    await sweepAttempts(vault.pool, clock.now());
    expect([await rows('mail'), await rows('silent'), await rows('failed')]).toEqual([1, 1, 1]);
    clock.advance(1_000);
    await sweepAttempts(vault.pool, clock.now());
    expect([await rows('mail'), await rows('silent'), await rows('failed')]).toEqual([0, 0, 1]);
  });
});
