import { DEFAULT_LOCALE, LOCALES, type Locale } from '@ums/contracts/locale';
import type { Request } from 'express';

/**
 * The language that a request asks for in `Accept-Language`, by lookup (RFC 4647 §3.4) over the ranges in order of their
 * quality. `request.acceptsLanguages(...LOCALES)` would filter instead: it finds German in `en-GB, de;q=0.9, en;q=0.8`.
 *
 * @returns without a match the first language that is not refused, or {@link DEFAULT_LOCALE}.
 */
export const requestLocale = (request: Pick<Request, 'acceptsLanguages'>): Locale => {
  const accepted = LOCALES.filter((locale) => request.acceptsLanguages(locale) !== false);
  for (const range of request.acceptsLanguages()) {
    const found = lookedUp(range.toLowerCase(), accepted);
    if (found !== undefined) return found;
  }
  return accepted[0] ?? DEFAULT_LOCALE;
};

/**
 * The longest of the languages that a range is or falls back to, as `de-AT-1996` to `de`. Cuts no subtags off, one after the
 * other: a client may send thousands of them, and the time would grow with their square.
 */
const lookedUp = (range: string, accepted: readonly Locale[]): Locale | undefined =>
  accepted
    .filter((locale) => range === locale || range.startsWith(`${locale}-`))
    .sort((one, other) => other.length - one.length)[0];
