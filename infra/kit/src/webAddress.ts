import { list, type Reader, reader } from './env.js';
import { InvalidSetting } from './invalidSetting.js';

/** Stricter than `URL`, which silently repairs missing slashes, backslashes and control characters. */
const parse = (value: string): URL | undefined =>
  /^https?:\/\/[^/\\\s]+(\/[^\\\s]*)?$/i.test(value) && URL.canParse(value) ? new URL(value) : undefined;

/** An `http:` or `https:` base URL to which paths are appended. Trailing slashes are dropped; query, fragment and user are rejected. */
export const baseUrl = (fallback?: string): Reader<string> =>
  reader((value) => {
    const url = parse(value);
    if (url === undefined) throw new InvalidSetting('must be an http: or https: URL');
    if (/[?#]|^[^/]*\/\/[^/]*@/.test(value)) throw new InvalidSetting('must have no query, fragment or user in it');
    // A link that begins with two slashes leads to the host behind them.
    if (pathOf(url.href).startsWith('//')) throw new InvalidSetting('must have one slash before its path');
    return withoutSlashes(url.href);
  }, fallback);

/** The path of a URL from {@link baseUrl}, to precede links on the same host; '' when the URL has none. */
export const pathOf = (url: string): string => withoutSlashes(new URL(url).pathname);

/** The `http:` or `https:` URL of a page, with its query and fragment; a user in it is rejected. */
export const pageUrl = (): Reader<string> =>
  reader((value) => {
    const url = parse(value);
    if (url === undefined) throw new InvalidSetting('must be an http: or https: URL');
    if (url.username !== '' || url.password !== '') throw new InvalidSetting('must have no user in it');
    return url.href;
  }, undefined);

/** Comma-separated origins (RFC 6454), normalized to the form that browsers send. `*` is rejected. */
export const origins = (fallback: readonly string[]): Reader<readonly string[]> => {
  const entries = list(fallback);
  return { read: (name, env) => entries.read(name, env).map(originOf) };
};

/**
 * The origin of an application in a web view or an extension of a browser, such as `capacitor://localhost` or `app://-`. Browsers
 * send its host as it is written (URL Standard, opaque host).
 */
const APP_ORIGIN = /^(?!(?:https?|ftp|wss?|file|data|blob|javascript):)[a-z][a-z0-9+.-]*:\/\/[\w.-]+(?::\d{1,5})?$/i;

const originOf = (value: string): string => {
  const written = value.replace(/\/$/, '');
  if (APP_ORIGIN.test(written)) return written.replace(/^[^:]+/, (scheme) => scheme.toLowerCase());
  const origin = written.toLowerCase();
  const url = parse(value);
  if (url === undefined || url.hostname.includes('*') || url.origin !== origin)
    throw new InvalidSetting(
      'must be origins like https://app.example.org or capacitor://localhost, separated by commas',
    );
  return origin;
};

/** The text without the slashes at its end. */
const withoutSlashes = (text: string): string => {
  let end = text.length;
  while (text[end - 1] === '/') end -= 1;
  return text.slice(0, end);
};
