import { isIPv4, isIPv6 } from 'node:net';

const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;
/** An IPv4 client behind a translator to IPv6 (RFC 6052 §2.1). All of them are in one /64 network. */
const TRANSLATED = /^64:ff9b::([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;

const dotted = (high: string, low: string): string => {
  const bits = (Number.parseInt(high, 16) << 16) | Number.parseInt(low, 16);
  return [bits >>> 24, (bits >>> 16) & 255, (bits >>> 8) & 255, bits & 255].join('.');
};

/** The canonical form of an IPv6 address (RFC 5952). An IPv4-mapped address becomes IPv4. */
const canonicalV6 = (address: string): string => {
  // The WHATWG URL parser canonicalizes. It rejects zones, which name a local interface, so they are removed.
  const canonical = new URL(`http://[${address.split('%', 1)[0]}]`).hostname.slice(1, -1);
  const mapped = MAPPED.exec(canonical);
  return mapped === null ? canonical : dotted(mapped[1] as string, mapped[2] as string);
};

/** Removes what proxies add: white space, brackets and a port. */
const bare = (text: string): string => {
  const trimmed = text.trim();
  const bracketed = /^\[([^\]]*)\](?::\d{1,5})?$/.exec(trimmed);
  if (bracketed !== null) return bracketed[1] as string;
  return /^[\d.]+:\d{1,5}$/.test(trimmed) ? trimmed.replace(/:\d+$/, '') : trimmed;
};

/**
 * The canonical form of an IP address; `undefined` when the text is not one. `010.0.0.1` is rejected, because some parsers
 * read it as octal.
 */
export const canonicalIp = (text: string): string | undefined => {
  if (text.length > 100) return undefined;
  const address = bare(text);
  if (isIPv4(address)) return address;
  return isIPv6(address) ? canonicalV6(address) : undefined;
};

/** The first four groups of a canonical IPv6 address. */
const network = (address: string): string => {
  const [head = '', tail] = address.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array<string>(zeros).fill('0'), ...right].slice(0, 4).join(':');
};

/**
 * What limits count as one source: an IPv4 address, also one translated to IPv6, or the /64 network of an IPv6
 * address. Takes a canonical address.
 */
export const ipBucket = (canonical: string): string => {
  if (isIPv4(canonical)) return canonical;
  const [, high, low] = TRANSLATED.exec(canonical) ?? [];
  return high === undefined || low === undefined ? `${network(canonical)}::/64` : dotted(high, low);
};
