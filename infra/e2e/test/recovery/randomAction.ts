import { API_PREFIX } from '@ums/contracts/routes';
import { ask, type HttpAnswer, type RequestOptions } from '../../../kit/test/ask.js';
import type { SimulatedUser } from './simulatedUser.js';

export interface ActionContext {
  /** Base URL of the API. */
  api: string;
  /** Tokens of confirmation mails, by address. */
  tokens: ReadonlyMap<string, string>;
  /** Returns a number from 0 to 1, like `Math.random`. */
  random: () => number;
}

/** Sends a request to the API. @returns `undefined` if no answer came: the request may have taken effect or not. */
export const tryRequest = (
  api: string,
  method: string,
  path: string,
  asked: RequestOptions,
): Promise<HttpAnswer | undefined> => ask(`${api}${API_PREFIX}${path}`, method, asked).catch(() => undefined);

/**
 * Sends the next request of a user and records what was acknowledged. The order until the first login is fixed, after
 * that the choice is random.
 * @returns the status of the answer, `undefined` without an answer, 0 if there was nothing to send yet
 */
export const randomAction = async (user: SimulatedUser, context: ActionContext): Promise<number | undefined> => {
  if (user.registered !== 'yes') return register(user, context);
  if (user.confirmed !== 'yes') return confirm(user, context);
  if (user.accessToken === undefined) return logIn(user, context);
  const choice = context.random();
  if (choice < 0.6) return rename(user, context);
  if (choice < 0.75) return refresh(user, context);
  return choice < 0.88 ? logOut(user, context) : erase(user, context);
};

const register = async (user: SimulatedUser, { api }: ActionContext) => {
  const { email, password, names } = user;
  user.registered = 'maybe';
  const answer = await tryRequest(api, 'POST', '/auth/register', { body: { email, password, name: names[0] } });
  if (answer?.status === 202) user.registered = 'yes';
  return answer?.status;
};

const confirm = async (user: SimulatedUser, { api, tokens }: ActionContext) => {
  const token = tokens.get(user.email);
  if (token === undefined) return 0;
  user.confirmed = 'maybe';
  const answer = await tryRequest(api, 'POST', '/auth/confirm', { body: { token, password: user.password } });
  if (answer?.status === 200) user.confirmed = 'yes';
  return answer?.status;
};

const logIn = async (user: SimulatedUser, { api }: ActionContext) => {
  const { email, password } = user;
  const answer = await tryRequest(api, 'POST', '/auth/login', { body: { email, password } });
  if (answer?.status === 200) keepTokens(user, answer);
  return answer?.status;
};

const keepTokens = (user: SimulatedUser, { json }: HttpAnswer): void => {
  user.accessToken = json.accessToken;
  user.refreshToken = json.refreshToken;
};

const rename = async (user: SimulatedUser, { api, random }: ActionContext) => {
  const name = `Name ${Math.floor(random() * 1e9)}`;
  user.names.push(name);
  const answer = await tryRequest(api, 'PUT', '/user', { token: user.accessToken, body: { name } });
  if (answer?.status === 200) Object.assign(user, { names: [name], revision: answer.json.revision });
  return answer?.status;
};

const refresh = async (user: SimulatedUser, { api }: ActionContext) => {
  const body = { refreshToken: user.refreshToken };
  user.refreshToken = undefined;
  const answer = await tryRequest(api, 'POST', '/auth/refresh', { body });
  if (answer?.status === 200) keepTokens(user, answer);
  return answer?.status;
};

const logOut = async (user: SimulatedUser, { api }: ActionContext) => {
  const { accessToken: token, refreshToken } = user;
  Object.assign(user, { accessToken: undefined, refreshToken: undefined });
  const answer = await tryRequest(api, 'POST', '/auth/logout', { token });
  if (answer?.status === 204 && refreshToken !== undefined) user.endedSessions.push(refreshToken);
  return answer?.status;
};

const erase = async (user: SimulatedUser, { api }: ActionContext) => {
  const { accessToken: token, password } = user;
  Object.assign(user, { erased: 'maybe', accessToken: undefined, refreshToken: undefined });
  const answer = await tryRequest(api, 'DELETE', '/user', { token, body: { password } });
  if (answer?.status === 204) user.erased = 'yes';
  return answer?.status;
};
