import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { expect } from '@jest/globals';
import { API_PREFIX } from '@ums/contracts/routes';
import { ask } from '../../kit/test/ask.js';
import { linkOf, nthMail } from './inbox.js';

/**
 * Sends requests of all kinds whose every value is unique: a registration, a new address, log-ins that succeed and fail, and requests with
 * the value as path, parameter, header and method.
 *
 * @returns the values, none of which may be in what operators see.
 */
export const sendCanaries = async ({ api, inbox }: { api: string; inbox: string }): Promise<string[]> => {
  const canary = `canary${randomBytes(6).toString('hex')}`;
  const [email, password] = [`${canary}@example.org`, `${canary} and a long password`];
  const call = (method: string, path: string, asked = {}) => ask(`${api}${API_PREFIX}${path}`, method, asked);

  const registration = { body: { email, password, name: canary }, headers: { 'accept-language': `de-x-${canary}` } };
  expect((await call('POST', '/auth/register', registration)).status).toBe(202);
  const { token } = linkOf(await nthMail(inbox, email, 1));
  expect((await call('POST', '/auth/confirm', { body: { token, password } })).status).toBe(200);
  const login = await call('POST', '/auth/login', { body: { email, password } });
  const { accessToken, refreshToken, user } = login.json;
  const seen = { 'x-consistency-token': login.headers.get('x-consistency-token') ?? '' };
  const change = { token: accessToken, body: { email: `new.${email}`, password } };
  expect((await call('PUT', '/user', change)).status).toBe(202);
  const { token: changeToken } = linkOf(await nthMail(inbox, `new.${email}`, 1));
  expect((await call('POST', '/auth/confirm', { body: { token: changeToken, password } })).status).toBe(200);
  const headers = { 'x-correlation-id': canary, 'user-agent': canary, cookie: canary, referer: `http://${canary}/` };
  const file = (content: Blob) => {
    const form = new FormData();
    form.set('name', canary);
    form.set('picture', content, `${canary}.png`);
    return form;
  };
  const upload = (content: string) => call('PUT', '/user', { token: accessToken, body: file(new Blob([content])) });
  expect((await upload(`${canary}, which is no picture`)).status).toBe(415);
  const wrong = { body: { email, password: `wrong ${password}` }, headers };
  expect((await call('POST', '/auth/login', wrong)).status).toBe(401);
  expect((await call('GET', '/user', { token: accessToken, headers: { ...headers, ...seen } })).status).toBe(200);
  expect((await call('GET', `/users/${user.id}`, { token: accessToken })).status).toBe(403);
  expect((await call('GET', `/users/${canary}`, { token: canary })).status).toBe(401);
  expect((await call('GET', `/${canary}?${canary}=${canary}`)).status).toBe(404);
  expect((await ask(`${api}/${canary}`, 'GET')).status).toBe(404);
  expect(await statusOf(`${api}/${canary}`, 'PROPFIND')).toBe(404);
  return [canary, user.id, token, changeToken, accessToken, refreshToken];
};

const statusOf = (url: string, method: string): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    request(url, { method }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .on('error', reject)
      .end();
  });
