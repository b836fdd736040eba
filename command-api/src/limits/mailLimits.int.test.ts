import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { TestClock } from '../../test/testClock.js';
import { testLimits } from '../../test/testLimits.js';
import type { TestVault } from '../../test/testVault.js';
import { accountNameOf } from './buckets.js';
import type { CredentialLimits } from './credentialLimits.js';

const mac = Buffer.alloc(32, 9);

let vault: TestVault;
let clock: TestClock;
let limits: CredentialLimits;
beforeEach(async () => {
  const setUp = await testLimits();
  ({ vault, clock } = setUp);
  limits = setUp.limitsOver();
});
afterEach(() => vault.close());

describe('mail limits', () => {
  it('R-02 allows three mails an hour to an address from one source, and two more from other sources', async () => {
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

  it('R-02 allows a source its hourly number of mails and no more, also for parallel requests', async () => {
    const requests = Array.from({ length: 20 }, (_, at) => limits.allowMail(Buffer.alloc(32, at), '192.0.2.1'));
    expect((await Promise.all(requests)).filter(Boolean)).toHaveLength(8);
  });

  it('R-02 counts mails and failed attempts separately', async () => {
    const wrong = async () => false;
    for (let at = 0; at < 10; at += 1)
      await limits.attempt({ account: accountNameOf(mac), source: '192.0.2.1' }, wrong);
    expect(await limits.allowMail(mac, '192.0.2.1')).toBe(true);
  });
});
