import type { Locale } from '@ums/contracts/locale';
import type { PageProblem } from '@ums/kit/http/browserPages';
import { ADVICE_WORDS, type Advice } from './adviceWords.js';
import type { LinkPage } from './linkPages.js';

/** What the page behind a mailed link says about a problem, as plain text. */
export interface ConfirmAdvice extends Advice {
  /** Show the form again, because it can still succeed. */
  asksAgain?: boolean;
  /** Link to the application, because the account may be active. */
  linksOn?: true;
}

/** The words for any problem of the page or its form, those of the host included. */
export const confirmAdvice = (
  { slug, status, title, errors, retryAfter = 1 }: PageProblem,
  { words, asksAgain }: LinkPage,
  locale: Locale,
): ConfirmAdvice => {
  const { ask, invalid } = words[locale];
  const advice = ADVICE_WORDS[locale];
  if (slug === 'password-invalid') return { alert: advice.wrongPassword, advice: ask, asksAgain: true };
  if (slug === 'token-invalid') return { ...invalid, asksAgain, linksOn: true };
  if (slug === 'internal-error') return { ...advice.internalError, asksAgain: true };
  if (status === 429) return { ...advice.tooManyAttempts(duration(retryAfter, locale)), asksAgain: true };
  if (status === 503) return { ...advice.unavailable, asksAgain: true };
  if (slug === 'validation-failed' && errors.length > 0 && errors.every(({ field }) => field === 'password')) {
    return { alert: advice.unusablePassword, advice: ask, asksAgain: true };
  }
  if (slug === 'validation-failed' || slug === 'uri-too-long') return advice.brokenLink;
  return advice.other(title);
};

const duration = (seconds: number, locale: Locale): string => {
  const [count, unit] = seconds < 90 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long', useGrouping: false }).format(count);
};
