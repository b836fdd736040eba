import { refusalOf } from '@ums/kit/http/problem/refusalOf';
import { counter } from '@ums/kit/metrics';

/** How a log-in can end, apart from `succeeded`: the slug of its refusal. Any other error counts as `internal-error`. */
const REFUSALS = [
  'credentials-invalid',
  'email-not-confirmed',
  'account-suspended',
  'too-many-attempts',
  'busy',
  'dependency-unavailable',
  'internal-error',
] as const;

export type LoginOutcome = 'succeeded' | (typeof REFUSALS)[number];

export type CountLogin = (outcome: LoginOutcome) => void;

/** Counts in `ums_logins_total`. Every outcome is exposed from the start, so that a rate includes the first one. */
export const loginCounter = (): CountLogin => {
  const logins = counter('ums_logins_total', 'Log-ins by outcome.', ['outcome']);
  for (const outcome of ['succeeded', ...REFUSALS]) logins.inc({ outcome }, 0);
  return (outcome) => logins.inc({ outcome });
};

/** The outcome of a log-in that failed with this error. */
export const failedLogin = (error: unknown): LoginOutcome => {
  const slug = refusalOf(error)?.slug;
  return REFUSALS.find((known) => known === slug) ?? 'internal-error';
};
