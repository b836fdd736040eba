import type { FieldError } from '@ums/contracts/http/problem';
import type { Locale } from '@ums/contracts/locale';
import type { PageProblem } from '@ums/kit/http/problem/browserPages';
import { PASSWORD_FAULTS, type PasswordFault } from '../credentials/passwordPolicy.js';
import { ADVICE_WORDS, type Advice, type AdviceWords } from './adviceWords.js';
import { type LinkPage, REPEATED_FIELD } from './linkPages.js';

const ENTERED_FIELDS: readonly string[] = ['name', 'password', 'newPassword', REPEATED_FIELD];

/** What the page behind a mailed link says about a problem, as plain text. */
export interface ConfirmAdvice extends Advice {
  /** In place of the heading of the link's page. */
  heading?: string;
  /** Show the form again, because it can still succeed. */
  asksAgain?: boolean;
  /** The field whose value was refused. */
  refused?: string;
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
  if (slug === 'password-invalid')
    return { alert: advice.wrongPassword, advice: ask, asksAgain: true, refused: 'password' };
  if (slug === 'token-invalid') return { ...invalid, asksAgain, linksOn: true };
  if (slug === 'internal-error') return { ...advice.internalError, asksAgain: true };
  // Others at the address may have sent them.
  if (slug === 'too-many-requests') return { ...advice.unavailable, asksAgain: true };
  if (status === 429) return { ...advice.tooManyAttempts(duration(retryAfter, locale)), asksAgain: true };
  if (status === 503) return { ...advice.unavailable, asksAgain: true };
  if (slug === 'account-suspended') return advice.suspended;
  const fault = slug === 'validation-failed' ? enteredFaultIn(errors, advice) : undefined;
  if (fault !== undefined) return { ...fault, advice: ask, asksAgain: true };
  if (slug === 'validation-failed' || slug === 'uri-too-long') return advice.brokenLink;
  return advice.other(title);
};

/** What is wrong with the first field that a person fills in, if nothing else is at fault. */
const enteredFaultIn = (
  errors: readonly FieldError[],
  advice: AdviceWords,
): Required<Pick<ConfirmAdvice, 'alert' | 'refused'>> | undefined => {
  const [first] = errors;
  if (first === undefined || !errors.every(({ field }) => ENTERED_FIELDS.includes(field))) return undefined;
  const { field: refused, message } = first;
  if (refused === 'name') return { alert: advice.refusedName, refused };
  if (refused === REPEATED_FIELD) return { alert: advice.otherPassword, refused };
  const known = (Object.keys(PASSWORD_FAULTS) as PasswordFault[]).find((key) => PASSWORD_FAULTS[key] === message);
  return { alert: known === undefined ? advice.unusablePassword : advice.refusedPassword[known], refused };
};

const duration = (seconds: number, locale: Locale): string => {
  const [count, unit] = seconds < 90 ? [seconds, 'second'] : [Math.ceil(seconds / 60), 'minute'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long', useGrouping: false }).format(count);
};
