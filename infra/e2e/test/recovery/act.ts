import { API_PREFIX } from '@ums/contracts/routes';
import { type Answer, type Asked, ask } from '../../../kit/test/ask.js';
import type { Citizen } from './citizen.js';

/** Where citizens act. `random` gives 0 to 1, as `Math.random`. */
export interface Scene {
  api: string;
  tokens: ReadonlyMap<string, string>;
  random: () => number;
}

/** Asks the API; `undefined` when no answer came, so that nobody knows what became of it. */
export const askedOf = (api: string, method: string, path: string, asked: Asked): Promise<Answer | undefined> =>
  ask(`${api}${API_PREFIX}${path}`, method, asked).catch(() => undefined);

/**
 * Lets a citizen do the next thing of his life, and notes what was acknowledged.
 * @returns the status answered, `undefined` without an answer; 0 when there was nothing to do yet.
 */
export const act = async (citizen: Citizen, scene: Scene): Promise<number | undefined> => {
  if (citizen.registered !== 'yes') return register(citizen, scene);
  if (citizen.confirmed !== 'yes') return confirm(citizen, scene);
  if (citizen.accessToken === undefined) return logIn(citizen, scene);
  const choice = scene.random();
  if (choice < 0.6) return rename(citizen, scene);
  if (choice < 0.75) return refresh(citizen, scene);
  return choice < 0.88 ? logOut(citizen, scene) : erase(citizen, scene);
};

const register = async (citizen: Citizen, { api }: Scene) => {
  const { email, password, names } = citizen;
  citizen.registered = 'maybe';
  const answer = await askedOf(api, 'POST', '/auth/register', { body: { email, password, name: names[0] } });
  if (answer?.status === 202) citizen.registered = 'yes';
  return answer?.status;
};

const confirm = async (citizen: Citizen, { api, tokens }: Scene) => {
  const token = tokens.get(citizen.email);
  if (token === undefined) return 0;
  citizen.confirmed = 'maybe';
  const answer = await askedOf(api, 'POST', '/auth/confirm', { body: { token, password: citizen.password } });
  if (answer?.status === 200) citizen.confirmed = 'yes';
  return answer?.status;
};

export const logIn = async (citizen: Citizen, { api }: Pick<Scene, 'api'>) => {
  const { email, password } = citizen;
  const answer = await askedOf(api, 'POST', '/auth/login', { body: { email, password } });
  if (answer?.status === 200) keepTokens(citizen, answer);
  return answer?.status;
};

const keepTokens = (citizen: Citizen, { json }: Answer): void => {
  citizen.accessToken = json.accessToken;
  citizen.refreshToken = json.refreshToken;
};

const rename = async (citizen: Citizen, { api, random }: Scene) => {
  const name = `Name ${Math.floor(random() * 1e9)}`;
  citizen.names.push(name);
  const asked = { token: citizen.accessToken, body: { name } };
  const answer = await askedOf(api, 'PUT', '/user', asked);
  if (answer?.status === 200) Object.assign(citizen, { names: [name], revision: answer.json.revision });
  return answer?.status;
};

const refresh = async (citizen: Citizen, { api }: Scene) => {
  const body = { refreshToken: citizen.refreshToken };
  citizen.refreshToken = undefined;
  const answer = await askedOf(api, 'POST', '/auth/refresh', { body });
  if (answer?.status === 200) keepTokens(citizen, answer);
  return answer?.status;
};

const logOut = async (citizen: Citizen, { api }: Scene) => {
  const { accessToken: token, refreshToken } = citizen;
  Object.assign(citizen, { accessToken: undefined, refreshToken: undefined });
  const answer = await askedOf(api, 'POST', '/auth/logout', { token });
  if (answer?.status === 204 && refreshToken !== undefined) citizen.ended.push(refreshToken);
  return answer?.status;
};

const erase = async (citizen: Citizen, { api }: Scene) => {
  const { accessToken: token, password } = citizen;
  Object.assign(citizen, { erased: 'maybe', accessToken: undefined, refreshToken: undefined });
  const answer = await askedOf(api, 'DELETE', '/user', { token, body: { password } });
  if (answer?.status === 204) citizen.erased = 'yes';
  return answer?.status;
};
