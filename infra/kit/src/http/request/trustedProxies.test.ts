import { describe, expect, it } from '@jest/globals';
import { parseEnv } from '../../env.js';
import { InvalidSetting } from '../../invalidSetting.js';
import { proxyList, trustedProxies } from './trustedProxies.js';

describe('trustedProxies', () => {
  it('R-03 trusts the listed addresses and ranges in any spelling', () => {
    const trusts = trustedProxies(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32', '::ffff:198.51.100.1']);
    const trusted = ['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.1', '2001:DB8:1::1', '198.51.100.1'];
    const untrusted = ['11.0.0.1', '192.0.2.2', '2001:db9::1', '::1', 'unknown', ''];
    expect(trusted.map((address) => trusts(address))).toEqual(trusted.map(() => true));
    expect(untrusted.map((address) => trusts(address))).toEqual(untrusted.map(() => false));
  });

  it('R-03 trusts no proxy by default', () => {
    expect(trustedProxies([])('127.0.0.1')).toBe(false);
  });

  it.each([
    'loopback',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/',
    '10.0.0/8',
    '2001:db8::/129',
    '1.2.3.4/x',
    '0.0.0.0/0',
    '::/0',
  ])('refuses to start with the entry %p', (entry) => {
    expect(() => trustedProxies(['10.0.0.1', entry])).toThrow(InvalidSetting);
  });

  it('K-01 names the variable that has an invalid entry', () => {
    const read = (TRUSTED_PROXIES: string) => parseEnv({ TRUSTED_PROXIES: proxyList() }, { TRUSTED_PROXIES });
    expect(read(' 10.0.0.0/8 , ::1')).toEqual({ TRUSTED_PROXIES: ['10.0.0.0/8', '::1'] });
    expect(() => read('10.0.0.0/8,loopback')).toThrow('TRUSTED_PROXIES has an entry');
  });
});
