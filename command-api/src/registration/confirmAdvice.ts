import type { PageProblem } from '@ums/kit/http/browserPages';
import type { LinkWords } from './linkWords.js';

/** What the page behind a mailed link says about a problem, as plain text. */
export interface ConfirmAdvice {
  alert: string;
  advice: string;
  /** Show the form again, because it can still succeed. */
  asksAgain?: true;
  /** Link to the application, because the account may be active. */
  linksOn?: true;
}

const INTERNAL_ERROR: ConfirmAdvice = {
  alert: 'Something went wrong.',
  advice: 'The fault is ours, and was recorded. Try again later.',
  asksAgain: true,
};

const BROKEN_LINK: ConfirmAdvice = {
  alert: 'This link is not complete, or it was changed.',
  advice: 'Open the link in the mail again, or copy all of it into the address bar of your browser.',
};

/** The words for any problem of the page or its form, those of the host included. @param words those of the page */
export const confirmAdvice = (
  { slug, status, title, errors, retryAfter = 1 }: PageProblem,
  { ask, invalid }: Pick<LinkWords, 'ask' | 'invalid'>,
): ConfirmAdvice => {
  if (slug === 'password-invalid') return { alert: 'The password is wrong.', advice: ask, asksAgain: true };
  if (slug === 'token-invalid') return { ...invalid, linksOn: true };
  if (slug === 'internal-error') return INTERNAL_ERROR;
  if (status === 429) {
    return { alert: 'Too many attempts.', advice: `Wait ${duration(retryAfter)}, then try again.`, asksAgain: true };
  }
  if (status === 503) {
    return {
      alert: 'The service cannot answer right now.',
      advice: 'Wait a moment, then try again. The link in the mail stays valid.',
      asksAgain: true,
    };
  }
  if (slug === 'validation-failed' && errors.length > 0 && errors.every(({ field }) => field === 'password')) {
    return { alert: 'The password is missing or too long.', advice: ask, asksAgain: true };
  }
  if (slug === 'validation-failed' || slug === 'uri-too-long') return BROKEN_LINK;
  return { alert: `${title}.`, advice: 'Open the link in the mail again.' };
};

const duration = (seconds: number): string => {
  const [count, unit] = seconds < 90 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
};
