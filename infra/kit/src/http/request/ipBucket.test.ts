import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { canonicalIp, ipBucket } from './ipBucket.js';

const bucket = (text: string): string | undefined => {
  const address = canonicalIp(text);
  return address === undefined ? undefined : ipBucket(address);
};

const V4 = [
  '203.0.113.7',
  ' 203.0.113.7',
  '203.0.113.7 ',
  '203.0.113.7:443',
  '::ffff:203.0.113.7',
  '::FFFF:203.0.113.7',
  '::ffff:cb00:7107',
  '::FFFF:CB00:7107',
  '::ffff:cb00:7107%eth0',
  '[::ffff:203.0.113.7]',
  '[::ffff:203.0.113.7]:443',
  '0:0:0:0:0:ffff:203.0.113.7',
  '0:0:0:0:0:FFFF:cb00:7107',
  '0000:0000:0000:0000:0000:ffff:cb00:7107',
  '0::ffff:cb00:7107',
  '0:0::ffff:203.0.113.7',
  '::0:ffff:203.0.113.7',
  '0:0:0:0::ffff:cb00:7107',
  ' [::ffff:cb00:7107] ',
  '::0:0:ffff:cb00:7107',
];
const V6 = [
  '2001:db8:0:7::1',
  '2001:DB8:0:7::1',
  '2001:0db8:0000:0007::1',
  '2001:0db8:0000:0007:0000:0000:0000:0001',
  '2001:db8:0:7:0:0:0:1',
  '2001:db8:0:7:0::1',
  '2001:db8:0:7::0:1',
  '2001:db8:0:7::0.0.0.1',
  '[2001:db8:0:7::1]',
  '[2001:db8:0:7::1]:8443',
  '2001:db8:0:7::1%eth0',
  ' 2001:db8:0:7::1 ',
  '2001:db8::7:0:0:0:1',
  '2001:db8:0:7::',
  '2001:db8:0:7::2',
  '2001:db8:0:7:ffff:ffff:ffff:ffff',
  '2001:db8:0:7::192.0.2.1',
  '2001:db8:0:7:1::',
  '2001:db8:00:007::1',
  '2001:dB8::7:1:2:3:4',
];

describe('ipBucket', () => {
  it('R-03 maps 40 spellings of two sources to two buckets', () => {
    expect(V4.length + V6.length).toBe(40);
    expect(new Set(V4.map(bucket))).toEqual(new Set(['203.0.113.7']));
    expect(new Set(V6.map(bucket))).toEqual(new Set(['2001:db8:0:7::/64']));
  });

  it('R-03 gives neighbouring sources different buckets', () => {
    expect(bucket('203.0.113.8')).not.toBe(bucket('203.0.113.7'));
    expect(bucket('2001:db8:0:8::1')).not.toBe(bucket('2001:db8:0:7::1'));
    expect(bucket('::1')).toBe('0:0:0:0::/64');
    expect(bucket('2001:db8::')).toBe('2001:db8:0:0::/64');
    expect(bucket('1:2:3:4:5:6:7:8')).toBe('1:2:3:4::/64');
  });

  it('R-03 counts IPv4 clients behind a translator to IPv6 as their IPv4 addresses, which stay untrusted', () => {
    expect(['64:ff9b::203.0.113.7', '64:FF9B:0:0::cb00:7107', '64:ff9b::203.0.113.8'].map(bucket)).toEqual([
      '203.0.113.7',
      '203.0.113.7',
      '203.0.113.8',
    ]);
    expect(canonicalIp('64:ff9b::203.0.113.7')).toBe('64:ff9b::cb00:7107');
    expect(bucket('64:ff9b:1::203.0.113.7')).toBe('64:ff9b:1:0::/64');
  });

  it.each([
    '',
    'unknown',
    '010.0.0.1',
    '1.2.3',
    '1.2.3.4.5',
    '256.1.1.1',
    '1.2.3.4:',
    '[1.2.3.4',
    '::g',
    ':::',
    '[::1',
    '_hidden',
    'a'.repeat(5_000),
  ])('R-03 rejects %p as an address', (text) => {
    expect(canonicalIp(text)).toBeUndefined();
  });

  it('R-03 gives an IPv6 address the same bucket in every spelling', () => {
    fc.assert(
      fc.property(fc.ipV6(), (address) => {
        const once = canonicalIp(address);
        expect(once).toBeDefined();
        expect(canonicalIp(once ?? '')).toBe(once);
        expect(bucket(address.toUpperCase())).toBe(bucket(address));
      }),
    );
  });
});
