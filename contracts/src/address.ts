import { domainToASCII } from 'node:url';

const LOCAL_PART = /^[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}$/;
const DOMAIN = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/;
const MAX_BYTES = 254;

/**
 * The one form of an address that is stored, looked up and mailed (E-08). Applied once, before anything else.
 * No trimming; the local part is ASCII and lower-cased by A-Z alone, so that neither U+0131 nor U+212A can fold into
 * somebody else's letter; the domain goes through UTS #46 (`domainToASCII`). Quoted local parts, CR, LF and NUL fail.
 *
 * @returns the canonical address, or `undefined` when the text is none.
 */
export const canonicalAddress = (text: string): string | undefined => {
  const at = text.lastIndexOf('@');
  if (at < 1 || text.length > MAX_BYTES * 4) return undefined;
  const local = text.slice(0, at);
  if (!LOCAL_PART.test(local) || local.startsWith('.') || local.endsWith('.') || local.includes('..')) return undefined;
  const written = text.slice(at + 1);
  // URL parsing drops tabs and line breaks and stops at delimiters; a domain that has them is not the one it turns into.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is refused
  if (/[\u0000-\u0020\u007f/\\?#@:[\]%]/.test(written)) return undefined;
  const domain = domainToASCII(written);
  if (!DOMAIN.test(domain) || /^[0-9.]+$/.test(domain)) return undefined;
  const address = `${local.replace(/[A-Z]/g, (letter) => letter.toLowerCase())}@${domain}`;
  return Buffer.byteLength(address) <= MAX_BYTES ? address : undefined;
};
