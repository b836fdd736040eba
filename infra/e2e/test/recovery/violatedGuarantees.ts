import { setTimeout as sleep } from 'node:timers/promises';
import { slugOf } from '../apiClient.js';
import { tryRequest } from './randomAction.js';
import type { SimulatedUser } from './simulatedUser.js';

/**
 * Checks, after the service was killed and started again, that everything acknowledged to a user is there, and that each
 * request without an answer took effect completely or not at all. Replaces each `maybe` of the user by what was found.
 * @returns one sentence for each violation
 */
export const violatedGuarantees = async (user: SimulatedUser, api: string): Promise<string[]> => {
  if (user.registered === 'no') return [];
  const violations: string[] = [];
  const { email, password } = user;
  for (const refreshToken of user.endedSessions.splice(0)) {
    const answer = await answerTo(api, 'POST', '/auth/refresh', { body: { refreshToken } });
    if (answer?.status !== 401) violations.push('a session that was logged out still works');
  }
  if (user.refreshToken !== undefined) {
    const answer = await answerTo(api, 'POST', '/auth/refresh', { body: { refreshToken: user.refreshToken } });
    if (answer?.status !== 200) violations.push('a session is lost');
  }
  const login = await answerTo(api, 'POST', '/auth/login', { body: { email, password } });
  const found = login === undefined ? 'unanswered' : login.status === 200 ? 'user' : (slugOf(login) ?? 'nothing');
  if (!allowedLoginResults(user).includes(found)) violations.push(`${acknowledged(user)}; login found ${found}`);
  if (found === 'user') {
    if (!user.names.includes(login?.json.user.name)) violations.push('a name is lost');
    if (login?.json.user.revision < user.revision) violations.push('a revision is lost');
  }
  resolveUncertainty(user, found, login?.json);
  return violations.map((violation) => `${email}: ${violation}`);
};

const LONGEST_RETRY_MS = 60_000;

/** Repeats a request while it gets 503, which promises nothing: on a busy machine the service may be late right after a start. */
const answerTo: typeof tryRequest = async (...request) => {
  for (const end = performance.now() + LONGEST_RETRY_MS; ; await sleep(100)) {
    const answer = await tryRequest(...request);
    if (answer?.status !== 503 || performance.now() > end) return answer;
  }
};

/** `user`, or the slug of the problem. */
type LoginResult = string;

const allowedLoginResults = ({ registered, confirmed, erased }: SimulatedUser): LoginResult[] => {
  if (erased === 'yes') return ['credentials-invalid'];
  const allowed: LoginResult[] = [];
  if (erased === 'maybe' || (registered === 'maybe' && confirmed === 'no')) allowed.push('credentials-invalid');
  if (confirmed !== 'no') allowed.push('user');
  if (confirmed !== 'yes') allowed.push('email-not-confirmed');
  return allowed;
};

const acknowledged = ({ registered, confirmed, erased }: SimulatedUser): string =>
  `registered: ${registered}, confirmed: ${confirmed}, erased: ${erased}`;

const resolveUncertainty = (
  user: SimulatedUser,
  found: LoginResult,
  json: { user: { name: string; revision: number } } | undefined,
): void => {
  Object.assign(user, { accessToken: undefined, refreshToken: undefined });
  if (found === 'user' && json !== undefined) {
    const { name, revision } = json.user;
    Object.assign(user, { registered: 'yes', confirmed: 'yes', erased: 'no', names: [name], revision });
  }
  if (found === 'email-not-confirmed') Object.assign(user, { registered: 'yes', confirmed: 'no' });
  if (found === 'credentials-invalid' && user.confirmed === 'yes') user.erased = 'yes';
  if (found === 'credentials-invalid' && user.confirmed === 'no') user.registered = 'no';
};
