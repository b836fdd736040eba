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
    const fallbacks = truncations(range.toLowerCase());
    const found = accepted.find((locale) => fallbacks.includes(locale));
    if (found !== undefined) return found;
  }
  return accepted[0] ?? DEFAULT_LOCALE;
};

/** A range and all that it falls back to: `de-AT-1996`, `de-AT`, `de`. */
const truncations = (range: string): string[] => {
  const subtags = range.split('-');
  return subtags.map((_, index) => subtags.slice(0, subtags.length - index).join('-'));
};
