import { list, type Reader, reader } from './env.js';
import { Unusable } from './unusable.js';

/** Stricter than `URL`, which takes missing slashes, backslashes and control characters and mends them. */
const parsed = (written: string): URL | undefined =>
  /^https?:\/\/[^/\\\s]+(\/[^\\\s]*)?$/i.test(written) && URL.canParse(written) ? new URL(written) : undefined;

/** The address of a web service, `http:` or `https:`, to which paths are appended: no slash at its end, no query or user. */
export const webAddress = (fallback?: string): Reader<string> =>
  reader((written) => {
    const url = parsed(written);
    if (url === undefined) throw new Unusable('must be an http: or https: URL');
    if (/[?#]|^[^/]*\/\/[^/]*@/.test(written)) throw new Unusable('must have no query, fragment or user in it');
    return url.href.replace(/\/+$/, '');
  }, fallback);

/** Origins (RFC 6454) separated by commas, as browsers send them. No `*`: an allow-list names whom it allows. */
export const origins = (fallback: readonly string[]): Reader<readonly string[]> => {
  const entries = list(fallback);
  return { read: (name, env) => entries.read(name, env).map(originOf) };
};

const originOf = (written: string): string => {
  const url = parsed(written);
  if (url === undefined || url.hostname.includes('*') || url.origin !== written.toLowerCase().replace(/\/$/, ''))
    throw new Unusable('must be origins like https://app.example.org, separated by commas');
  return url.origin;
};
