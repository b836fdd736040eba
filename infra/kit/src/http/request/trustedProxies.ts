import { BlockList, isIPv4 } from 'node:net';
import { list, type Reader } from '../../env.js';
import { InvalidSetting } from '../../invalidSetting.js';
import { canonicalIp } from './ipBucket.js';

export type TrustsProxy = (address: string) => boolean;

/** Reads the comma-separated entries of {@link trustedProxies}; empty when the variable is unset. */
export const proxyList = (): Reader<readonly string[]> => ({
  read: (name, env) => {
    const entries = list([]).read(name, env);
    trustedProxies(entries);
    return entries;
  },
});

/**
 * A test whether the `X-Forwarded-For` of a peer is trusted.
 * @param entries IP addresses and CIDR ranges, such as `10.0.0.0/8` or `2001:db8::/32`
 * @throws InvalidSetting when an entry is neither, or contains every address
 */
export const trustedProxies = (entries: readonly string[]): TrustsProxy => {
  const list = new BlockList();
  for (const entry of entries) {
    const [address = '', prefix] = entry.split('/');
    const canonical = canonicalIp(address);
    const bits = canonical === undefined ? 0 : isIPv4(canonical) ? 32 : 128;
    const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1;
    if (canonical === undefined || length < 0 || length > bits) {
      throw new InvalidSetting('has an entry that is neither an IP address nor a CIDR range');
    }
    // Any client could then choose the address that its limits count and its history shows.
    if (length === 0) throw new InvalidSetting('trusts every address; list the addresses of the proxies');
    list.addSubnet(canonical, length, bits === 32 ? 'ipv4' : 'ipv6');
  }
  // Asked at every request.
  if (entries.length === 0) return () => false;
  return (text) => {
    const address = canonicalIp(text);
    return address !== undefined && list.check(address, isIPv4(address) ? 'ipv4' : 'ipv6');
  };
};
