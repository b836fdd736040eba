import { slugOf } from '../apiClient.js';
import { askedOf } from './act.js';
import type { Citizen } from './citizen.js';

/**
 * What a service that was killed and started again owes a citizen and does not give: everything acknowledged must be there,
 * of what was not acknowledged all or nothing. What was uncertain is known afterwards.
 */
export const brokenPromises = async (citizen: Citizen, api: string): Promise<string[]> => {
  if (citizen.registered === 'no') return [];
  const broken: string[] = [];
  const { email, password } = citizen;
  for (const refreshToken of citizen.ended.splice(0)) {
    const answer = await askedOf(api, 'POST', '/auth/refresh', { body: { refreshToken } });
    if (answer?.status !== 401) broken.push('a session that was logged out goes on');
  }
  if (citizen.refreshToken !== undefined) {
    const answer = await askedOf(api, 'POST', '/auth/refresh', { body: { refreshToken: citizen.refreshToken } });
    if (answer?.status !== 200) broken.push('a session is lost');
  }
  const login = await askedOf(api, 'POST', '/auth/login', { body: { email, password } });
  const found = login === undefined ? 'unanswered' : login.status === 200 ? 'user' : (slugOf(login) ?? 'nothing');
  if (!allowed(citizen).includes(found)) broken.push(`${expectation(citizen)} and found ${found}`);
  if (found === 'user') {
    if (!citizen.names.includes(login?.json.user.name)) broken.push('a name is lost');
    if (login?.json.user.revision < citizen.revision) broken.push('a revision is lost');
  }
  learn(citizen, found, login?.json);
  return broken.map((what) => `${email}: ${what}`);
};

type Found = string;

/** What a log-in may say. */
const allowed = ({ registered, confirmed, erased }: Citizen): Found[] => {
  if (erased === 'yes') return ['credentials-invalid'];
  const found: Found[] = [];
  if (erased === 'maybe' || (registered === 'maybe' && confirmed === 'no')) found.push('credentials-invalid');
  if (confirmed !== 'no') found.push('user');
  if (confirmed !== 'yes') found.push('email-not-confirmed');
  return found;
};

const expectation = ({ registered, confirmed, erased }: Citizen): string =>
  `registered: ${registered}, confirmed: ${confirmed}, erased: ${erased}`;

const learn = (
  citizen: Citizen,
  found: Found,
  json: { user: { name: string; revision: number } } | undefined,
): void => {
  Object.assign(citizen, { accessToken: undefined, refreshToken: undefined });
  if (found === 'user' && json !== undefined) {
    const { name, revision } = json.user;
    Object.assign(citizen, { registered: 'yes', confirmed: 'yes', erased: 'no', names: [name], revision });
  }
  if (found === 'email-not-confirmed') Object.assign(citizen, { registered: 'yes', confirmed: 'no' });
  if (found === 'credentials-invalid' && citizen.confirmed === 'yes') citizen.erased = 'yes';
  if (found === 'credentials-invalid' && citizen.confirmed === 'no') citizen.registered = 'no';
};
