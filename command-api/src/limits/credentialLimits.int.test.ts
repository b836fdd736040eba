import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { silentLog } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import { testClock } from '../../test/testClock.js';
import { type TestVault, testVault } from '../../test/testVault.js';
import { sweepAttempts } from './attempts.js';
import { accountOf, bucketsOf } from './buckets.js';
import { createCredentialLimits } from './credentialLimits.js';

const addressKey = Buffer.alloc(32, 7);
const mac = Buffer.alloc(32, 9);
const numbers = {
  ...{ failuresPerAccountAndSource: 10, failuresPerAccount: 25, failuresPerSource: 40 },
  ...{ mailsPerAddressAndSource: 3, mailsPerAddress: 5, mailsPerSource: 8 },
};
const who = (account: string, source = '192.0.2.1') => ({ account, source });
const wrong = async () => false;
const right = async () => true;
const tooMany = { slug: 'too-many-attempts' };

describe('credential limits', () => {
  let vault: TestVault;
  let clock: ReturnType<typeof testClock>;
  const limitsOver = (pool = vault.pool) => createCredentialLimits({ vault: pool, clock, addressKey, numbers });

  beforeEach(async () => {
    vault = await testVault();
    clock = testClock();
  });
  afterEach(() => vault.close());

  const rows = async (state: string) =>
    (await vault.pool.query('select id from attempt where state = $1', [state])).rows.length;

  it('R-02 never lets a burst of 200 wrong guesses run more than the limit', async () => {
    const limits = limitsOver();
    let run = 0;
    const guess = async () => {
      run += 1;
      await sleep(5);
      return false;
    };
    const outcomes = await Promise.allSettled(Array.from({ length: 200 }, () => limits.attempt(who('a'), guess)));
    expect(run).toBe(10);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(tooMany);
    expect([await rows('failed'), await rows('in-flight')]).toEqual([10, 0]);
  });

  it('R-02 lets 20 parallel good logins all succeed', async () => {
    const limits = limitsOver();
    const login = async () => {
      await sleep(20);
      return true;
    };
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => limits.attempt(who('a'), login)));
    expect(outcomes).toEqual(Array(20).fill(true));
    expect(await rows('in-flight')).toBe(0);
  });

  it('R-02 and R-04 counts a burst once for two processes', async () => {
    const other = createPool({ url: vault.url, applicationName: 'other', log: silentLog });
    const both = [limitsOver(), limitsOver(other)] as const;
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, at) => both[at % 2 === 0 ? 0 : 1].attempt(who('a'), wrong)),
    );
    await other.end();
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  });

  it('R-02 limits many sources that guess at one account', async () => {
    const limits = limitsOver();
    for (let at = 0; at < 25; at += 1) await limits.attempt(who('a', `192.0.2.${at}`), wrong);
    await expect(limits.attempt(who('a', '198.51.100.1'), right)).rejects.toMatchObject(tooMany);
    clock.advance(1_000);
    expect(await limits.attempt(who('a', '198.51.100.1'), right)).toBe(true);
  });

  it('R-02 limits one source that guesses at many accounts, for 15 minutes, and nobody else', async () => {
    const limits = limitsOver();
    for (let at = 0; at < 40; at += 1) await limits.attempt(who(`account ${at}`), wrong);
    await expect(limits.attempt(who('another'), right)).rejects.toMatchObject({
      details: { retryAfterSeconds: 900 },
    });
    expect(await limits.attempt(who('another', '198.51.100.1'), right)).toBe(true);
    clock.advance(900_000);
    expect(await limits.attempt(who('another'), right)).toBe(true);
  });

  it('R-02 ends a row of failures with a success and makes later failures start anew', async () => {
    const limits = limitsOver();
    for (let at = 0; at < 9; at += 1) await limits.attempt(who('a'), wrong);
    await limits.attempt(who('a'), right);
    expect(await rows('failed')).toBe(0);
    for (let at = 0; at < 10; at += 1) expect(await limits.attempt(who('a'), wrong)).toBe(false);
  });

  it('R-02 gives an attempt back when its check could not answer', async () => {
    const limits = limitsOver();
    const broken = async (): Promise<boolean> => {
      throw new Error('the queue is full');
    };
    await expect(limits.attempt(who('a'), broken)).rejects.toThrow('the queue is full');
    expect([await rows('failed'), await rows('in-flight')]).toEqual([0, 0]);
  });

  it('F-03 asks nothing more of a vault that failed during the check: the attempt counts for half a minute', async () => {
    const limits = limitsOver();
    const down = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    await expect(limits.attempt(who('a'), () => Promise.reject(down))).rejects.toBe(down);
    expect(await rows('in-flight')).toBe(1);
    for (let at = 1; at < 10; at += 1) expect(await limits.attempt(who('a'), wrong)).toBe(false);
    clock.advance(30_000);
    expect(await limits.attempt(who('a'), right)).toBe(true);
  });

  it('R-02 counts an attempt whose process died for half a minute', async () => {
    const limits = limitsOver();
    for (let at = 0; at < 10; at += 1)
      await vault.pool.query(`insert into attempt (account, source, at, state) values ($1, $2, $3, 'in-flight')`, [
        ...[bucketsOf(addressKey).account('a'), bucketsOf(addressKey).source('192.0.2.1')],
        clock.now(),
      ]);
    await expect(limits.attempt(who('a'), right)).rejects.toMatchObject(tooMany);
    clock.advance(30_000);
    expect(await limits.attempt(who('a'), right)).toBe(true);
  });

  it('R-04 remembers failures over a restart', async () => {
    for (let at = 0; at < 10; at += 1) await limitsOver().attempt(who('a'), wrong);
    await expect(limitsOver().attempt(who('a'), right)).rejects.toMatchObject(tooMany);
  });

  it('R-04 checks nothing when the vault is down', async () => {
    const gone = createPool({ url: vault.url.replace(/:\d+\//, ':1/'), applicationName: 'gone', log: silentLog });
    let checked = false;
    const check = async () => {
      checked = true;
      return true;
    };
    await expect(limitsOver(gone).attempt(who('a'), check)).rejects.toThrow();
    expect(checked).toBe(false);
    await gone.end();
  });

  it('R-04 tells what went wrong first when the vault is lost during a check', async () => {
    const pool = createPool({ url: vault.url, applicationName: 'lost', log: silentLog });
    const check = async (): Promise<boolean> => {
      await pool.end();
      throw new Error('first');
    };
    await expect(limitsOver(pool).attempt(who('a'), check)).rejects.toThrow('first');
  });

  it('R-02 allows three mails an hour to an address from one source, a few more from others', async () => {
    const limits = limitsOver();
    const mails = async (count: number, source: string) => {
      const allowed: boolean[] = [];
      for (let at = 0; at < count; at += 1) allowed.push(await limits.allowMail(mac, source));
      return allowed;
    };
    expect(await mails(4, '192.0.2.1')).toEqual([true, true, true, false]);
    expect(await mails(3, '198.51.100.1')).toEqual([true, true, false]);
    clock.advance(3_600_001);
    expect(await mails(1, '192.0.2.1')).toEqual([true]);
  });

  it('R-02 allows one source no more than its mails an hour, in parallel too', async () => {
    const limits = limitsOver();
    const asked = Array.from({ length: 20 }, (_, at) => limits.allowMail(Buffer.alloc(32, at), '192.0.2.1'));
    expect((await Promise.all(asked)).filter(Boolean)).toHaveLength(8);
  });

  it('R-02 counts mails apart from guesses', async () => {
    const limits = limitsOver();
    for (let at = 0; at < 10; at += 1) await limits.attempt(who(accountOf(mac)), wrong);
    expect(await limits.allowMail(mac, '192.0.2.1')).toBe(true);
  });

  it('G-01 keeps no address, and drops what an erasure or a day makes pointless', async () => {
    const limits = limitsOver();
    await limits.attempt(who(accountOf(mac)), wrong);
    await limits.attempt(who('b'), wrong);
    const { rows: kept } = await vault.pool.query('select account, source from attempt');
    expect(kept.map(({ account }) => account.equals(mac))).toEqual([false, false]);
    await vault.pool.query('delete from attempt where account = $1', [bucketsOf(addressKey).account(accountOf(mac))]);
    expect(await rows('failed')).toBe(1);
    await sweepAttempts(vault.pool, clock.now());
    expect(await rows('failed')).toBe(1);
    clock.advance(86_400_000);
    await sweepAttempts(vault.pool, clock.now());
    expect(await rows('failed')).toBe(0);
  });
});
