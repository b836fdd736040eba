import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROUTES } from '@ums/contracts/routes';
import type { RequestOptions } from '../../infra/kit/test/ask.js';
import { PASSWORD, signInNewUser, type TestApi, testApi } from '../test/testApi.js';

const SECRET = 'Zk9-canary-of-a-secret';
let api: TestApi;
let token: string;
beforeAll(async () => {
  api = await testApi({ APP_NAME: 'Example Club' });
  ({ accessToken: token } = await signInNewUser(api, 'ada@example.org'));
});
afterAll(() => api.close());

const COMMANDS = ROUTES.filter(({ owner, method }) => owner === 'command-api' && method !== 'get');
const VALID_BODIES: Record<string, Record<string, unknown>> = {
  '/auth/register': { email: 'new@example.org', name: 'New', password: PASSWORD },
  '/auth/confirm': { token: 'x', password: PASSWORD },
  '/auth/send': { email: 'ada@example.org' },
  '/auth/password-reset': { email: 'ada@example.org' },
  '/auth/login': { email: 'ada@example.org', password: PASSWORD },
  '/auth/refresh': { refreshToken: 'x' },
  '/auth/logout': { refreshToken: 'x' },
  '/user': { name: 'Ada' },
  '/user/password': { password: PASSWORD, newPassword: 'nine quiet boats at noon' },
  '/user/sessions/end': { password: PASSWORD },
  '/user/sessions/{id}/end': { password: PASSWORD },
  '/user/erasure': { password: PASSWORD },
  '/user/export': { password: PASSWORD },
  '/users/{id}/roles': { roles: ['user'], reason: 'leaves', password: PASSWORD },
  '/users/{id}/suspension': { reason: 'abuse' },
  '/users/{id}/suspension/end': { reason: 'mistake' },
  '/users/{id}/mail-block/end': { reason: 'mistake' },
  '/users/{id}/erasure': { reason: 'letter', password: PASSWORD },
};
const bodyOf = ({ method, path }: (typeof COMMANDS)[number]): Record<string, unknown> =>
  method === 'delete' && path === '/user' ? { password: PASSWORD } : (VALID_BODIES[path] ?? {});
/**
 * Without the routes of administrators, which answer 403 before the body is validated, the one that has no body, and the one
 * whose bodies have the form that SNS gives them.
 */
const ROUTES_OF_USERS = COMMANDS.filter(
  ({ access, path, acceptsNotice }) => typeof access === 'string' && path !== '/user/picture' && !acceptsNotice,
);
const fields = (answer: { json: { errors?: { field: string }[] } }) => answer.json.errors?.map(({ field }) => field);
const countRegistrations = async () => (await api.vault.query('select count(*)::int from registration')).rows[0].count;

describe.each(ROUTES_OF_USERS)('$method $path', (route) => {
  const { method, path } = route;
  const address = path.replace('{id}', randomUUID());
  const send = (body: unknown) => api.ask(method.toUpperCase(), address, { body, token });

  it('Z-03 and Z-04 refuses undeclared fields', async () => {
    const before = await countRegistrations();
    for (const extra of [
      { role: 'admin' },
      { roles: ['admin'] },
      { emailVerified: true },
      { userId: 'x' },
      { status: 'active' },
    ]) {
      const answer = await send({ ...bodyOf(route), ...extra });
      expect([answer.status, fields(answer)]).toEqual([400, Object.keys(extra)]);
    }
    const inherited = await send(JSON.parse(`{"__proto__":{"admin":true},${JSON.stringify(bodyOf(route)).slice(1)}`));
    expect(inherited.status).toBe(400);
    expect(await countRegistrations()).toBe(before);
  });

  it.each([
    ['an array', [SECRET]],
    ['an object', { [SECRET]: SECRET }],
    ['a number', 1e15],
    ['a boolean', true],
    ['a text that is too long', SECRET.repeat(60)],
    ['a NUL', `${SECRET}\u0000`],
    ['an unpaired surrogate', `${SECRET}\ud800`],
  ])(
    'I-01, I-02 and I-03 refuses %s for each field, names the field and never shows the value',
    async (_kind, value) => {
      for (const field of Object.keys(bodyOf(route))) {
        const answer = await send({ ...bodyOf(route), [field]: value });
        expect(answer.status).toBe(400);
        expect(answer.headers.get('content-type')).toContain('application/problem+json');
        expect(answer.text).not.toContain(SECRET);
        expect(fields(answer)).toEqual([field]);
      }
      expect(api.logged.join('')).not.toContain(SECRET);
    },
  );

  it('I-02 takes a field that is null for one that is not sent, as clients generated for Spring do', async () => {
    // Without its field, this would end the session that the other tests use.
    if (path === '/auth/logout') return;
    for (const field of Object.keys(bodyOf(route))) {
      const { [field]: _, ...rest } = bodyOf(route);
      const [left, empty] = [await send(rest), await send({ ...rest, [field]: null })];
      expect([empty.status, empty.json.errors]).toEqual([left.status, left.json.errors]);
      expect(empty.status).toBe(400);
    }
  });

  it('I-01 refuses a body that is nested too deeply, too large or of another content type', async () => {
    const deep = JSON.parse(`${'['.repeat(30)}${']'.repeat(30)}`);
    expect((await send(deep)).status).toBe(400);
    expect((await send({ ...bodyOf(route), more: 'x'.repeat(70_000) })).status).toBe(413);
    const headers = { 'content-type': 'text/plain' };
    expect((await api.ask(method.toUpperCase(), path, { body: 'x=y', headers, token })).status).toBe(415);
  });
});

describe('requests', () => {
  it('lists all invalid fields of a registration at once', async () => {
    const body = { email: 'no address', name: 'a\u0007b', password: 'passwordpassword' };
    const answer = await api.ask('POST', '/auth/register', { body });
    expect([answer.status, fields(answer)]).toEqual([400, ['email', 'name', 'password']]);
  });

  it.each(['14 characters!', 'passwordpassword', 'ada.lovelace.1815', 'example-club-2026'])(
    'A-01 and A-02 refuses %j with a reason',
    async (password) => {
      const body = { email: 'ada@lovelace.example', name: 'Ada Lovelace', password };
      const answer = await api.ask('POST', '/auth/register', { body });
      expect([answer.status, fields(answer)]).toEqual([400, ['password']]);
      expect(answer.json.errors[0].message).toMatch(/^must /);
      expect(answer.text).not.toContain(password);
    },
  );

  it('A-03 and A-04 accepts a long password in NFC and NFD, and compares all of it', async () => {
    const password = `Besançon ${'é'.repeat(40)} tail`;
    await signInNewUser(api, 'long@example.org', password.normalize('NFD'));
    const login = (text: string) =>
      api.ask('POST', '/auth/login', { body: { email: 'long@example.org', password: text } });
    expect((await login(password.normalize('NFC'))).status).toBe(200);
    expect((await login(password.replace('tail', 'tale'))).status).toBe(401);
  });

  it.each([
    ['If-Match', '0'],
    ['If-Match', '"0" "1"'],
    ['If-Match', '*, "0"'],
    ['Idempotency-Key', 'with space'],
    ['Idempotency-Key', 'x'.repeat(201)],
  ])('F-01 and F-05 refuses a malformed %s: %s', async (name, value) => {
    const answer = await api.ask('PUT', '/user', { token, body: { name: 'Ada' }, headers: { [name]: value } });
    expect([answer.status, fields(answer)]).toEqual([400, [name]]);
  });

  it('F-05 understands If-Match as *, as one ETag and as a list, and lets weak tags match nothing', async () => {
    const rename = (name: string, ifMatch: string) =>
      api.ask('PUT', '/user', { token, body: { name }, headers: { 'If-Match': ifMatch } });
    const etag = (await rename('Ada the First', '*')).headers.get('etag') ?? '';
    const next = await rename('Ada the Second', `"0", ${etag}`);
    expect(next.status).toBe(200);
    const current = next.headers.get('etag') ?? '';
    for (const stale of [etag, `"0", ${etag}`, `W/${current}`, '"-1"', '"99999999999999999999"']) {
      const refused = await rename('Ada the Third', stale);
      expect([refused.status, refused.json.type]).toEqual([412, expect.stringMatching(/stale-revision$/)]);
    }
    expect((await rename('Ada', current)).status).toBe(200);
  });

  it('T-01 reports a bad token as invalid_token, but no wrong password and no missing token', async () => {
    const challengeOf = async (method: string, path: string, asked: RequestOptions) => {
      const { status, headers } = await api.ask(method, path, asked);
      return [status, headers.get('www-authenticate')];
    };
    const credentials = { body: { email: 'ada@example.org', password: 'the wrong password' } };
    expect(await challengeOf('POST', '/auth/login', credentials)).toEqual([401, 'Bearer']);
    expect(await challengeOf('POST', '/auth/login', { ...credentials, token })).toEqual([401, 'Bearer']);
    expect(await challengeOf('PUT', '/user', { body: { name: 'Ada' } })).toEqual([401, 'Bearer']);
    const bad = [401, 'Bearer error="invalid_token"'];
    expect(await challengeOf('PUT', '/user', { body: { name: 'Ada' }, token: 'x' })).toEqual(bad);
    expect(await challengeOf('GET', '/auth/refresh', { token: 'x' })).toEqual(bad);
    expect(await challengeOf('POST', '/auth/refresh', { body: { refreshToken: 'x' } })).toEqual(bad);
    expect(await challengeOf('POST', '/auth/logout', { body: { refreshToken: 'x' } })).toEqual(bad);
    expect(await challengeOf('POST', '/auth/logout', { token: 'x' })).toEqual(bad);
    for (const asked of [{}, { body: {} }])
      expect(await challengeOf('POST', '/auth/logout', asked)).toEqual([401, 'Bearer']);
    const inVain = { body: { name: 'Ada', refreshToken: 'x' } };
    expect(await challengeOf('PUT', '/user', inVain)).toEqual([401, 'Bearer']);
    const { refreshToken } = await signInNewUser(api, 'blanks@example.org');
    const headers = { authorization: `bearer   ${refreshToken}` };
    expect((await api.ask('GET', '/auth/refresh', { headers })).status).toBe(200);
  });

  it('Z-02 ignores user ids in headers and refuses them in the query', async () => {
    const eve = await signInNewUser(api, 'eve@example.org');
    const headers = { 'x-user-id': eve.user.id, 'x-forwarded-user': eve.user.id };
    const answer = await api.ask('PUT', '/user', { token, body: { name: 'Still Ada' }, headers });
    expect([answer.status, answer.json.email]).toEqual([200, 'ada@example.org']);
    const query = await api.ask('PUT', `/user?userId=${eve.user.id}&sub=${eve.user.id}`, {
      token,
      body: { name: 'Ada' },
    });
    expect([query.status, fields(query)]).toEqual([400, ['userId']]);
  });

  it('T-02 accepts each kind of token for its own purpose only', async () => {
    const { refreshToken } = await signInNewUser(api, 'tokens@example.org');
    const mailed = await api.mailedToken('tokens@example.org');
    for (const wrong of [refreshToken, mailed, 'x', ''])
      expect((await api.ask('PUT', '/user', { token: wrong, body: { name: 'Eve' } })).status).toBe(401);
    for (const wrong of [token, mailed, 'x'])
      for (const answer of [
        await api.ask('POST', '/auth/refresh', { body: { refreshToken: wrong } }),
        await api.ask('GET', '/auth/refresh', { token: wrong }),
      ])
        expect(answer.status).toBe(401);
    for (const wrong of [token, refreshToken]) {
      const answer = await api.ask('POST', '/auth/confirm', {
        body: { token: wrong.slice(0, 999), password: PASSWORD },
      });
      expect(answer.status).toBe(400);
    }
  });

  it('T-11 refuses an erasure without the password or after the session has ended', async () => {
    const { accessToken } = await signInNewUser(api, 'stays@example.org');
    expect((await api.ask('DELETE', '/user', { token: accessToken })).status).toBe(400);
    expect((await api.ask('DELETE', '/user', { body: { password: PASSWORD } })).status).toBe(401);
    await api.ask('POST', '/auth/logout', { token: accessToken });
    const answer = await api.ask('DELETE', '/user', { token: accessToken, body: { password: PASSWORD } });
    expect(answer.status).toBe(401);
    const login = await api.ask('POST', '/auth/login', { body: { email: 'stays@example.org', password: PASSWORD } });
    expect(login.status).toBe(200);
  });

  it('answers 403 to users who are not administrators before it validates the user id', async () => {
    const answer = await api.ask('POST', '/users/not-an-id/suspension', { token, body: { reason: 'x' } });
    expect(answer.status).toBe(403);
  });

  it('Z-03 configures tsoa to refuse undeclared fields and not to convert types', () => {
    const tsoa = JSON.parse(readFileSync(new URL('../tsoa.json', import.meta.url), 'utf8'));
    expect(tsoa.noImplicitAdditionalProperties).toBe('throw-on-extras');
    expect(tsoa.routes.bodyCoercion).toBe(false);
  });
});
