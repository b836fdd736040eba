import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ROUTES } from '@ums/contracts/routes';
import type { HttpAnswer } from '../../../infra/kit/test/ask.js';
import { stoppedClock } from '../../../infra/kit/test/testClock.js';
import { appointFirstAdministrator, PASSWORD, signInNewUser, type TestApi, testApi } from '../../test/testApi.js';

const LIMIT = 3;
const WRONG = 'wrong horse battery staple';

let api: TestApi;
let admin: { id: string; token: string };
beforeAll(async () => {
  // The first delay is a second, which a slow machine could need for the next guess.
  api = await testApi({ LIMIT_FAILURES_PER_ACCOUNT_AND_SOURCE: String(LIMIT) }, { clock: stoppedClock() });
  const email = 'admin@example.org';
  const { user } = await signInNewUser(api, email);
  await appointFirstAdministrator(api, email);
  const { json } = await api.ask('POST', '/auth/login', { body: { email, password: PASSWORD } });
  admin = { id: user.id, token: json.accessToken };
});
afterAll(() => api.close());

/** Prepares, for each route that checks a secret, a request with a wrong one. */
const GUESSES: Record<string, () => Promise<() => Promise<HttpAnswer>>> = {
  'post /auth/login': async () => {
    await signInNewUser(api, 'login@example.org');
    return () => api.ask('POST', '/auth/login', { body: { email: 'login@example.org', password: WRONG } });
  },
  'post /auth/confirm': async () => {
    const email = 'confirm@example.org';
    await api.ask('POST', '/auth/register', { body: { email, name: 'Ada', password: PASSWORD } });
    const token = await api.mailedToken(email);
    return () => api.ask('POST', '/auth/confirm', { body: { token, password: WRONG } });
  },
  'post /auth/refresh': async () => () => api.ask('POST', '/auth/refresh', { body: { refreshToken: WRONG } }),
  'get /auth/refresh': async () => () => api.ask('GET', '/auth/refresh', { token: 'wrong' }),
  'post /auth/logout': async () => () => api.ask('POST', '/auth/logout', { body: { refreshToken: WRONG } }),
  'put /user': async () => {
    const { accessToken: token } = await signInNewUser(api, 'change@example.org');
    return () => api.ask('PUT', '/user', { token, body: { email: 'new@example.org', password: WRONG } });
  },
  'put /user/password': async () => {
    const { accessToken: token } = await signInNewUser(api, 'change-password@example.org');
    const body = { password: WRONG, newPassword: 'nine quiet boats at noon' };
    return () => api.ask('PUT', '/user/password', { token, body });
  },
  'post /user/sessions/end': async () => {
    const { accessToken: token } = await signInNewUser(api, 'end-sessions@example.org');
    return () => api.ask('POST', '/user/sessions/end', { token, body: { password: WRONG } });
  },
  'post /user/sessions/{id}/end': async () => {
    const { accessToken: token } = await signInNewUser(api, 'end-session@example.org');
    return () => api.ask('POST', `/user/sessions/${randomUUID()}/end`, { token, body: { password: WRONG } });
  },
  'delete /user': async () => {
    const { accessToken: token } = await signInNewUser(api, 'erase@example.org');
    return () => api.ask('DELETE', '/user', { token, body: { password: WRONG } });
  },
  'post /user/erasure': async () => {
    const { accessToken: token } = await signInNewUser(api, 'erase-by-post@example.org');
    return () => api.ask('POST', '/user/erasure', { token, body: { password: WRONG } });
  },
  'post /user/export': async () => {
    const { accessToken: token } = await signInNewUser(api, 'export@example.org');
    return () => api.ask('POST', '/user/export', { token, body: { password: WRONG } });
  },
  'post /users/{id}/export': async () => {
    const body = { password: WRONG, grant: randomUUID() };
    return () => api.ask('POST', `/users/${admin.id}/export`, { token: admin.token, body });
  },
  'put /users/{id}/roles': async () => {
    const body = { roles: ['user'], reason: 'Joins the audit', password: WRONG };
    return () => api.ask('PUT', `/users/${admin.id}/roles`, { token: admin.token, body });
  },
  'post /users/{id}/erasure': async () => {
    const body = { reason: 'Asked by letter', password: WRONG };
    return () => api.ask('POST', `/users/${admin.id}/erasure`, { token: admin.token, body });
  },
  'post /audit/grants': async () => {
    const body = { userId: randomUUID(), purpose: 'Ticket 4711', minutes: 60, password: WRONG };
    return () => api.ask('POST', '/audit/grants', { token: admin.token, body });
  },
  'post /audit/grants/{id}/decision': async () => {
    const body = { decision: 'approve', password: WRONG };
    return () => api.ask('POST', `/audit/grants/${randomUUID()}/decision`, { token: admin.token, body });
  },
};

describe('limits over HTTP', () => {
  it.each(ROUTES.filter(({ checksSecret }) => checksSecret))(
    'R-01 count wrong secrets sent to $method $path',
    async ({ method, path }) => {
      await api.vault.query('delete from attempt');
      const guess = await GUESSES[`${method} ${path}`]?.();
      if (guess === undefined) throw new Error(`GUESSES lacks the route ${method} ${path}, which checks a secret`);
      for (let attempt = 0; attempt < LIMIT; attempt += 1) expect([401, 403]).toContain((await guess()).status);
      const limited = await guess();
      expect([limited.status, limited.json.type]).toEqual([429, 'https://users.example/problems/too-many-attempts']);
      expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    },
  );

  it('R-02 count the routes for the users of one address together, and apart from log-ins', async () => {
    const { accessToken: token } = await signInNewUser(api, 'together@example.org');
    const login = () => api.ask('POST', '/auth/login', { body: { email: 'together@example.org', password: WRONG } });
    for (let attempt = 0; attempt < LIMIT; attempt += 1) expect((await login()).status).toBe(401);
    expect((await login()).status).toBe(429);
    const end = () => api.ask('POST', '/user/sessions/end', { token, body: { password: WRONG } });
    for (let attempt = 0; attempt < LIMIT; attempt += 1) expect((await end()).status).toBe(403);
    expect((await api.ask('DELETE', '/user', { token, body: { password: PASSWORD } })).status).toBe(429);
  });

  it('R-02 count failures of unknown addresses too', async () => {
    const login = () => api.ask('POST', '/auth/login', { body: { email: 'nobody@example.org', password: WRONG } });
    for (let attempt = 0; attempt < LIMIT; attempt += 1) expect((await login()).status).toBe(401);
    expect((await login()).status).toBe(429);
  });
});

describe('a session that has ended', () => {
  it.each(ROUTES.filter(({ checksSecret, access }) => checksSecret && access !== 'public'))(
    'T-08 tries no secret sent to $method $path',
    async ({ method, path }) => {
      const guess = await GUESSES[`${method} ${path}`]?.();
      await api.vault.query("update session set expires_at = 'epoch'");
      await api.vault.query('delete from attempt');
      const refused = await guess?.();
      expect([refused?.status, refused?.json.type]).toEqual([401, 'https://users.example/problems/unauthenticated']);
      expect((await api.vault.query('select count(*)::int as attempts from attempt')).rows).toEqual([{ attempts: 0 }]);
    },
  );
});
