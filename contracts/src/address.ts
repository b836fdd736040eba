import { domainToASCII } from 'node:url';

const LOCAL_PART = /^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}$/;
const DOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/;
const MAX_BYTES = 254;

/**
 * The canonical form of a mail address: the one that is stored, looked up and mailed (E-08). Applied once, before anything
 * else. Nothing is trimmed. The local part is ASCII; only A-Z are lower-cased, so U+0131 and U+212A cannot fold into the
 * letters of another user's address. The domain goes through UTS #46 (`domainToASCII`). Quoted local parts, CR, LF and NUL
 * are refused.
 *
 * @returns `undefined` when the text is not an address this service can use.
 */
export const canonicalAddress = (text: string): string | undefined => {
  const at = text.lastIndexOf('@');
  if (at < 1 || text.length > MAX_BYTES * 4) return undefined;
  const local = text.slice(0, at);
  if (!LOCAL_PART.test(local) || local.startsWith('.') || local.endsWith('.') || local.includes('..')) return undefined;
  const written = text.slice(at + 1);
  // domainToASCII drops tabs and line breaks and stops at delimiters: it would return another domain than was written.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the expression refuses control characters
  if (/[\u0000-\u0020\u007f/\\?#@:[\]%]/.test(written)) return undefined;
  const domain = domainToASCII(written);
  if (!DOMAIN.test(domain) || /^[0-9.]+$/.test(domain)) return undefined;
  const address = `${local.replace(/[A-Z]/g, (letter) => letter.toLowerCase())}@${domain}`;
  return Buffer.byteLength(address) <= MAX_BYTES ? address : undefined;
};
