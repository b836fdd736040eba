import { describe, expect, it } from '@jest/globals';
import { StartRefused } from '../startRefused.js';
import { trustedProxies } from './trustedProxies.js';

describe('trustedProxies', () => {
  it('R-03 trusts the addresses and ranges named, in any spelling', () => {
    const trusts = trustedProxies(['10.0.0.0/8', '192.0.2.1', '2001:db8::/32', '::ffff:198.51.100.1']);
    const trusted = ['10.1.2.3', '::ffff:10.1.2.3', '192.0.2.1', '2001:DB8:1::1', '198.51.100.1'];
    const foreign = ['11.0.0.1', '192.0.2.2', '2001:db9::1', '::1', 'unknown', ''];
    expect(trusted.map((address) => trusts(address))).toEqual(trusted.map(() => true));
    expect(foreign.map((address) => trusts(address))).toEqual(foreign.map(() => false));
  });

  it('R-03 trusts nobody by default', () => {
    expect(trustedProxies([])('127.0.0.1')).toBe(false);
  });

  it.each(['loopback', '10.0.0.0/33', '10.0.0.0/-1', '10.0.0.0/', '10.0.0/8', '2001:db8::/129', '1.2.3.4/x'])(
    'refuses to start with %p',
    (entry) => {
      expect(() => trustedProxies(['10.0.0.1', entry])).toThrow(StartRefused);
    },
  );
});
