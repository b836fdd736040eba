import { type Reader, reader } from './env.js';
import { Unusable } from './unusable.js';

const parsed = (written: string): URL | undefined => {
  const url = URL.canParse(written) ? new URL(written) : undefined;
  return url !== undefined && /^https?:$/.test(url.protocol) ? url : undefined;
};

/** The address of a web service, `http:` or `https:`, to which paths are appended: no slash at its end, no query or user. */
export const webAddress = (fallback?: string): Reader<string> =>
  reader((written) => {
    const url = parsed(written);
    if (url === undefined) throw new Unusable('must be an http: or https: URL');
    if (/[?#]/.test(written) || url.username !== '' || url.password !== '')
      throw new Unusable('must have no query, fragment or user in it');
    return written.replace(/\/+$/, '');
  }, fallback);

/** Origins (RFC 6454) separated by commas, as browsers send them. No `*`: an allow-list names whom it allows. */
export const origins = (fallback?: readonly string[]): Reader<readonly string[]> =>
  reader((written) => {
    const entries = written.split(',').map((entry) => entry.trim());
    return entries.filter((entry) => entry !== '').map(originOf);
  }, fallback);

const originOf = (written: string): string => {
  const url = parsed(written);
  if (url === undefined || url.hostname.includes('*') || url.origin !== written.toLowerCase().replace(/\/$/, ''))
    throw new Unusable('must be origins like https://app.example.org, separated by commas');
  return url.origin;
};
