import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Refused } from '@ums/kit/refused';
import type pg from 'pg';
import type { TestClock } from '../../../infra/kit/test/testClock.js';
import { type TestLimits, testLimits } from '../../test/testLimits.js';
import type { TestVault } from '../../test/testVault.js';
import { sweepAttempts } from './attemptRow.js';
import { accountNameOf, type MailAbout } from './buckets.js';
import { countMail, type MailCount } from './countMail.js';
import type { CredentialLimits } from './credentialLimits.js';

const mac = Buffer.alloc(32, 9);
const registrations: MailAbout = { addressMac: mac, kind: 'registration' };

let vault: TestVault;
let clock: TestClock;
let limits: CredentialLimits;
let limitsOver: TestLimits['limitsOver'];
beforeEach(async () => {
  const setUp = await testLimits();
  ({ vault, clock, limitsOver } = setUp);
  limits = limitsOver();
});
afterEach(() => vault.close());

const countedMail = (about: MailAbout, source: string, counting = limits) =>
  counting.allowMail(about, source, async (values) => {
    const { rows } = await vault.pool.query<MailCount>(countMail(1), [...values]);
    return rows[0] as MailCount;
  });
const allowMail = async (addressMac: Buffer, source: string): Promise<boolean> =>
  (await countedMail({ addressMac, kind: 'registration' }, source)).counted;

describe('mail limits', () => {
  const mails = async (count: number, source: string) => {
    const allowed: boolean[] = [];
    for (let at = 0; at < count; at += 1) allowed.push(await allowMail(mac, source));
    return allowed;
  };

  it('R-02 allows three mails an hour to an address from one source, and two more from other sources', async () => {
    expect(await mails(3, '192.0.2.1')).toEqual([true, true, true]);
    expect(await mails(3, '198.51.100.1')).toEqual([true, true, false]);
    clock.advance(3_600_001);
    expect(await mails(1, '192.0.2.1')).toEqual([true]);
  });

  it('R-01 counts a mail while an attempt of a log-in waits for the vault', async () => {
    let answer = (): void => undefined;
    const waits = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const { pool } = vault;
    const slow = Object.assign(Object.create(pool), {
      query: async (statement: pg.QueryConfig) => {
        if (statement.name === 'start-attempt') await waits;
        return pool.query(statement);
      },
    }) as typeof pool;
    const slowly = limitsOver(slow);
    const attempt = slowly.attempt({ account: 'a', source: '192.0.2.1' }, async () => true);
    expect((await countedMail(registrations, '192.0.2.1', slowly)).counted).toBe(true);
    answer();
    expect(await attempt).toBe(true);
  });

  it('R-06 counts registrations, resends, resets and changes apart and alike, so that none hides another', async () => {
    const abouts: MailAbout[] = [
      ...(['resend', 'registration', 'reset', 'change'] as const).map((kind) => ({ addressMac: mac, kind })),
    ];
    for (const [at, about] of abouts.entries()) {
      const counted: boolean[] = [];
      for (const host of [1, 1, 1, 2, 2, 2]) counted.push((await countedMail(about, `203.0.${at}.${host}`)).counted);
      expect(counted).toEqual([true, true, true, true, true, false]);
      await expect(countedMail(about, `203.0.${at}.1`)).rejects.toMatchObject({ slug: 'too-many-attempts' });
    }
  });

  it('R-06 counts the first change of each user apart, and allows for one', async () => {
    for (const userId of ['one user', 'another']) {
      const about = { addressMac: mac, kind: 'first-change' as const, userId };
      const counted: boolean[] = [];
      for (const host of [1, 1, 2]) counted.push((await countedMail(about, `203.0.113.${host}`)).counted);
      expect(counted).toEqual([true, false, false]);
    }
  });

  it('R-06 refuses no longer than an hour after a clock that was days ahead is set back', async () => {
    clock.advance(2 * 86_400_000);
    await mails(3, '192.0.2.1');
    clock.advance(-2 * 86_400_000);
    await sweepAttempts(vault.pool, clock.now());
    await expect(allowMail(mac, '192.0.2.1')).rejects.toMatchObject({ details: { retryAfterSeconds: 3_600 } });
    clock.advance(3_600_000);
    expect(await mails(1, '192.0.2.1')).toEqual([true]);
  });

  it('R-06 refuses the fourth mail to an address from one source until the first leaves the hour', async () => {
    await mails(1, '192.0.2.1');
    clock.advance(600_000);
    await mails(2, '192.0.2.1');
    const refused = (retryAfterSeconds: number) => ({ slug: 'too-many-attempts', details: { retryAfterSeconds } });
    await expect(allowMail(mac, '192.0.2.1')).rejects.toMatchObject(refused(3_000));
    expect(await mails(1, '198.51.100.1')).toEqual([true]);
    clock.advance(3_000_000);
    expect(await mails(1, '192.0.2.1')).toEqual([true]);
    await expect(allowMail(mac, '192.0.2.1')).rejects.toMatchObject(refused(600));
  });

  it('R-06 refuses a source after three requests, also when others have used up the mails of the address', async () => {
    await mails(3, '192.0.2.1');
    await mails(2, '192.0.2.2');
    expect(await mails(3, '198.51.100.1')).toEqual([false, false, false]);
    await expect(allowMail(mac, '198.51.100.1')).rejects.toMatchObject({ slug: 'too-many-attempts' });
    expect(await mails(1, '198.51.100.2')).toEqual([false]);
  });

  it('does not count a mail that was given back, and counts the others of the same moment', async () => {
    await mails(2, '192.0.2.1');
    for (let time = 1; time <= 4; time += 1) await (await countedMail(registrations, '192.0.2.1')).giveBack();
    expect(await mails(1, '192.0.2.1')).toEqual([true]);
    await expect(allowMail(mac, '192.0.2.1')).rejects.toMatchObject({ slug: 'too-many-attempts' });
    await mails(2, '192.0.2.2');
    for (let time = 1; time <= 4; time += 1) await (await countedMail(registrations, '198.51.100.1')).giveBack();
    expect(await mails(3, '198.51.100.1')).toEqual([false, false, false]);
    await expect(allowMail(mac, '198.51.100.1')).rejects.toMatchObject({ slug: 'too-many-attempts' });
  });

  it('R-02 allows a source its hourly number of mails and no more, also for parallel requests', async () => {
    const requests = Array.from({ length: 20 }, (_, at) => allowMail(Buffer.alloc(32, at), '192.0.2.1'));
    const answers = await Promise.allSettled(requests);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(8);
    const refused = answers.filter((answer) => answer.status === 'rejected');
    for (const { reason } of refused) expect(reason).toMatchObject({ slug: 'too-many-attempts' });
  });

  it('R-06 refuses a source after its hourly number of mails until the first leaves the hour, also for silent ones', async () => {
    await mails(3, '192.0.2.1');
    await mails(2, '192.0.2.2');
    const retryAfter = async (address: number) => {
      const error = await allowMail(Buffer.alloc(32, address), '198.51.100.1').catch((reason: unknown) => reason);
      return error instanceof Refused ? error.details.retryAfterSeconds : error;
    };
    expect(await mails(3, '198.51.100.1')).toEqual([false, false, false]);
    clock.advance(600_000);
    for (let address = 10; address < 15; address += 1) expect(await retryAfter(address)).toBe(true);
    expect(await retryAfter(15)).toBe(3_000);
    clock.advance(3_000_000);
    expect([await retryAfter(15), await retryAfter(15), await retryAfter(15)]).toEqual([true, true, true]);
    expect(await retryAfter(15)).toBe(3_600);
  });

  it('R-02 counts mails and failed attempts separately', async () => {
    const wrong = async () => false;
    for (let at = 0; at < 10; at += 1)
      await limits.attempt({ account: accountNameOf(mac), source: '192.0.2.1' }, wrong);
    expect(await allowMail(mac, '192.0.2.1')).toBe(true);
  });
});
