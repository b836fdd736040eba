import { createPublicKey, randomBytes } from 'node:crypto';
import { beforeAll, expect, it } from '@jest/globals';
import { newSigningKey, pemOf } from '../../identity/test/accessTokens.js';
import type { HttpAnswer } from '../../kit/test/ask.js';
import { linkOf, nthMail } from '../test/inbox.js';
import { type Processes, startProcesses } from '../test/startProcesses.js';

const PASSWORD = 'nine quiet boats at noon';
const newKey = () => randomBytes(32).toString('base64');

let processes: Processes;
beforeAll(async () => {
  processes = await startProcesses();
}, 300_000);

const post = (path: string, body: object): Promise<HttpAnswer> => processes.client.ask('POST', path, { body });
const register = async (email: string): Promise<string> => {
  await post('/auth/register', { email, name: 'Ada Lovelace', password: PASSWORD });
  return linkOf(await nthMail(processes.inbox, email, 1)).token;
};
const confirm = async (token: string) => (await post('/auth/confirm', { token, password: PASSWORD })).status;
const logIn = (email: string) => post('/auth/login', { email, password: PASSWORD });
const refresh = (refreshToken: string) => post('/auth/refresh', { refreshToken });
const ownStatus = async (token: string) => (await processes.client.ask('GET', '/user', { token })).status;

it('K-01 K-03 the keys of docs/key-rotation.md with _PREVIOUS are replaced, and then the old ones are left out', async () => {
  const { environment, restart } = processes;
  expect(await confirm(await register('ada@example.org'))).toBe(200);
  expect(await confirm(await register('away@example.org'))).toBe(200);
  const before = (await logIn('ada@example.org')).json;
  const link = await register('waiting@example.org');

  const old = environment['command-api'];
  const next = {
    ...{ MAIL_TOKEN_KEY: newKey(), PASSWORD_PEPPER: newKey(), REFRESH_TOKEN_KEY: newKey() },
    ACCESS_TOKEN_KEY: newSigningKey(),
  };
  const previous = {
    MAIL_TOKEN_KEY_PREVIOUS: old.MAIL_TOKEN_KEY,
    PASSWORD_PEPPER_PREVIOUS: old.PASSWORD_PEPPER,
    REFRESH_TOKEN_KEY_PREVIOUS: old.REFRESH_TOKEN_KEY,
    ACCESS_TOKEN_KEY_PREVIOUS: pemOf(createPublicKey(old.ACCESS_TOKEN_KEY as string)),
  };
  environment['command-api'] = { ...old, ...next, ...previous };
  environment.notifier = { ...environment.notifier, MAIL_TOKEN_KEY: next.MAIL_TOKEN_KEY };
  await restart('SIGTERM');
  expect(await ownStatus(before.accessToken)).toBe(200);
  const refreshed = await refresh(before.refreshToken);
  expect(refreshed.status).toBe(200);
  expect(await confirm(link)).toBe(200);
  for (const email of ['ada@example.org', 'waiting@example.org']) expect((await logIn(email)).status).toBe(200);

  environment['command-api'] = { ...old, ...next };
  await restart('SIGTERM');
  expect(await ownStatus(before.accessToken)).toBe(401);
  const { accessToken } = (await refresh(refreshed.json.refreshToken)).json;
  expect(await ownStatus(accessToken)).toBe(200);
  for (const email of ['ada@example.org', 'waiting@example.org']) expect((await logIn(email)).status).toBe(200);
  expect(await confirm(await register('new@example.org'))).toBe(200);
  // Did not log in while the old pepper was known, as the page warns.
  expect((await logIn('away@example.org')).status).toBe(401);
}, 300_000);
