import { domainToASCII } from 'node:url';

/** Dot-atom of RFC 5322 §3.2.3, in ASCII. */
const LOCAL_PART = /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/;
/** RFC 2047 §5 forbids it in an address, and mail programs decode it all the same: the shown address would be another. */
const hasEncodedWord = (local: string): boolean => {
  const start = local.indexOf('=?');
  return start !== -1 && local.includes('?=', start + 2);
};
const DOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/;
const MAX_BYTES = 254;
const INVISIBLE = '\\p{White_Space}\\p{Cf}\\p{Default_Ignorable_Code_Point}';
const INVISIBLE_INSIDE = new RegExp(`[${INVISIBLE}]`, 'u');
/** From the first to the last visible character. */
const WITHOUT_INVISIBLE_AROUND = new RegExp(`[^${INVISIBLE}](?:.*[^${INVISIBLE}])?`, 'su');

/**
 * The canonical form of a mail address: the one that is stored, looked up and mailed (E-08). Applied once, before anything else.
 * White space and invisible characters around the address are dropped; inside they are refused. The local part is ASCII; only A-Z
 * are lower-cased, so U+0131 and U+212A cannot fold into the letters of another user's address. The domain goes through UTS #46
 * (`domainToASCII`). Quoted local parts, encoded-words, CR, LF and NUL are refused.
 *
 * @returns `undefined` when the text is not an address this service can use.
 */
export const canonicalAddress = (written: string): string | undefined => {
  if (written.length > MAX_BYTES * 4) return undefined;
  const text = WITHOUT_INVISIBLE_AROUND.exec(written)?.[0] ?? '';
  const at = text.lastIndexOf('@');
  if (at < 1) return undefined;
  // UTS #46 would drop some of them from the domain.
  if (INVISIBLE_INSIDE.test(text)) return undefined;
  const local = text.slice(0, at);
  if (
    !LOCAL_PART.test(local) ||
    hasEncodedWord(local) ||
    local.startsWith('.') ||
    local.endsWith('.') ||
    local.includes('..')
  )
    return undefined;
  const host = text.slice(at + 1);
  // domainToASCII drops tabs and line breaks and stops at delimiters: it would return another domain than was written.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the expression refuses control characters
  if (/[\u0000-\u0020\u007f/\\?#@:[\]%]/.test(host)) return undefined;
  // Unicode 15.1 lower-cases U+1E9E to U+00DF, earlier tables replace it by "ss": the address would depend on the version of Node.
  const domain = domainToASCII(host.replaceAll('\u1e9e', '\u00df'));
  if (!DOMAIN.test(domain) || /^[0-9.]+$/.test(domain)) return undefined;
  const address = `${local.replace(/[A-Z]/g, (letter) => letter.toLowerCase())}@${domain}`;
  return Buffer.byteLength(address) <= MAX_BYTES ? address : undefined;
};
