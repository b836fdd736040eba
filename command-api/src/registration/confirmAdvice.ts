import type { PageProblem } from '@ums/kit/http/browserPages';

/** What the confirmation page says about a problem, as plain text. */
export interface ConfirmAdvice {
  alert: string;
  advice: string;
  /** Show the form again, because it can still succeed. */
  asksAgain?: true;
  /** Link to the application, because the account may be active. */
  linksOn?: true;
}

const PASSWORD_ADVICE = 'Enter the password you chose when you registered.';

const BY_SLUG: Readonly<Record<string, ConfirmAdvice>> = {
  'password-invalid': { alert: 'The password is wrong.', advice: PASSWORD_ADVICE, asksAgain: true },
  'token-invalid': {
    // Another registration of the address may have won: then the password of its account is the one that counts.
    alert: 'The link is not valid, or the password is not that of your account.',
    advice:
      'If you have confirmed your address with another mail, enter the password you chose for that one, or log in. Otherwise the link has expired or is not complete: open the one in the newest mail, or register again.',
    asksAgain: true,
    linksOn: true,
  },
  'internal-error': {
    alert: 'Something went wrong.',
    advice: 'The fault is ours, and was recorded. Try again later.',
    asksAgain: true,
  },
};

const BROKEN_LINK: ConfirmAdvice = {
  alert: 'This link is not complete, or it was changed.',
  advice: 'Open the link in the mail again, or copy all of it into the address bar of your browser.',
};

/** The words for any problem of the page or its form, those of the host included. */
export const confirmAdvice = ({ slug, status, title, errors, retryAfter = 1 }: PageProblem): ConfirmAdvice => {
  const known = BY_SLUG[slug];
  if (known !== undefined) return known;
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
    return { alert: 'The password is missing or too long.', advice: PASSWORD_ADVICE, asksAgain: true };
  }
  if (slug === 'validation-failed' || slug === 'uri-too-long') return BROKEN_LINK;
  return { alert: `${title}.`, advice: 'Open the link in the mail again.' };
};

const duration = (seconds: number): string => {
  const [count, unit] = seconds < 90 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
};
