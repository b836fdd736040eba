import type { Problem } from '@ums/contracts/http/problem';
import { StartRefused } from '@ums/kit/startRefused';
import { Interruption } from './interruption.js';
import { printable } from './printable.js';

/** Limits, a broken dependency, and what proxies answer while a service starts. */
const FOR_NOW: readonly number[] = [429, 502, 503, 504];

/**
 * The error for an answer that is not 2xx: an {@link Interruption} when a repeat may help, otherwise a StartRefused.
 * @param path what was asked for, below the prefix of the API
 */
export const refusalOf = async (response: Response, path: string): Promise<Interruption | StartRefused> => {
  const { status } = response;
  const problem = await problemOf(response);
  if (FOR_NOW.includes(status))
    return new Interruption(`The service is busy or unavailable (${status}).`, retryAfterMs(response));
  if (status === 404) return new StartRefused(notFound(isOfUser(path) && problem !== undefined));
  return new StartRefused(
    sentences[status]?.(problem ?? {}) ?? `The service answered with ${status}; look at API_URL.`,
  );
};

/** The body only adds detail: one that is cut, or that a proxy has written (`undefined`), leaves the status. */
const problemOf = async (response: Response): Promise<Partial<Problem> | undefined> => {
  const text = await response.text().catch(() => '');
  const isProblem = response.headers.get('content-type')?.startsWith('application/problem+json') ?? false;
  if (!isProblem) return undefined;
  return text === '' ? {} : (JSON.parse(text) as Problem);
};

const isOfUser = (path: string): boolean => path.startsWith('/users/');

/** The service answers alike for a user and for a path that it does not have. The list of events is always there. */
const notFound = (mayLackUser: boolean): string => {
  const elsewhere = 'API_URL does not lead to the service (404); it ends before /api/v1.';
  return mayLackUser ? `There is no such user, or there was none at that time, or ${elsewhere}` : elsewhere;
};

const sentences: Readonly<Record<number, (problem: Partial<Problem>) => string>> = {
  400: ({ errors = [] }) => {
    const faults = errors.map(({ field, message }) => `${field} ${message}`).join(', ');
    return `The service refuses the request (400)${faults === '' ? '' : `: ${printable(faults)}`}.`;
  },
  401: () => 'The service does not accept AUDIT_TOKEN (401): it is wrong, expired or revoked.',
  403: () => 'AUDIT_TOKEN is not of an auditor or administrator (403).',
  410: ({ erasedAt }) => `The user is erased${erasedAt === undefined ? '' : ` since ${printable(erasedAt)}`} (410).`,
};

/** `Retry-After` is a number of seconds or a date (RFC 9110 §10.2.3). */
const retryAfterMs = ({ headers }: Response): number | undefined => {
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
};
