import { afterEach, describe, expect, it } from '@jest/globals';
import { stoppedClock } from '../../../infra/kit/test/testClock.js';
import { until } from '../../../infra/kit/test/until.js';
import { FORGED_TOKEN } from '../../test/forgedToken.js';
import { PASSWORD, type TestApi, testApi } from '../../test/testApi.js';
import { LIMITED_ROUTES } from './limitRequests.js';

const LIMIT = 3;

let api: TestApi;
afterEach(() => api.close());

/** The minute in which requests are counted does not end. */
const limitedApi = (environment: Record<string, string> = {}) =>
  testApi({ LIMIT_REQUESTS_PER_SOURCE: String(LIMIT), ...environment }, { clock: stoppedClock() });

/** What needs no access token and hashes or writes. */
const ANONYMOUS = [
  'get /auth/refresh',
  'post /auth/confirm',
  'post /auth/login',
  'post /auth/logout',
  'post /auth/password-reset',
  'post /auth/refresh',
  'post /auth/register',
  'post /auth/send',
  'post /hooks/ses',
];

/** Valid requests where validity could matter: the limit must count them before it is known whether they are. */
const BODIES: Record<string, unknown> = {
  '/auth/register': { email: 'ada@example.org', name: 'Ada Lovelace', password: PASSWORD },
  '/auth/send': { email: 'ada@example.org' },
  '/auth/login': { email: 'ada@example.org', password: PASSWORD },
  '/auth/confirm': { token: 'x', password: PASSWORD },
  '/auth/refresh': { refreshToken: 'x' },
};
const from = (source: string) => ({ 'x-forwarded-for': source });

describe('limits on requests over HTTP', () => {
  it('R-08 answer 429 with Retry-After to every anonymous route that hashes or writes, and write nothing', async () => {
    api = await limitedApi({ TRUSTED_PROXIES: '127.0.0.1' });
    expect(LIMITED_ROUTES.map(({ method, path }) => `${method} ${path}`).sort()).toEqual(ANONYMOUS);
    for (const [at, { method, path }] of LIMITED_ROUTES.entries()) {
      const source = `192.0.2.${at}`;
      const send = (body: unknown) =>
        api.ask(method.toUpperCase(), path, {
          headers: from(source),
          ...(method === 'get' ? { token: 'x' } : { body }),
        });
      for (let sent = 0; sent < LIMIT; sent += 1) expect((await send(BODIES[path])).status).not.toBe(429);
      const written = api.vault.query('select (select count(*) from registration), (select count(*) from attempt)');
      const before = (await written).rows;
      for (const body of [BODIES[path], { email: 'not an address' }]) {
        const limited = await send(body);
        expect([path, limited.status, limited.json.type]).toEqual([
          path,
          429,
          'https://users.example/problems/too-many-attempts',
        ]);
        expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
      }
      const after = api.vault.query('select (select count(*) from registration), (select count(*) from attempt)');
      expect((await after).rows).toEqual(before);
    }
    const elsewhere = await api.ask('POST', '/auth/send', { body: BODIES['/auth/send'], headers: from('192.0.2.99') });
    expect(elsewhere.status).toBe(202);
  });

  it('R-08 H-01 do not count a GET without the token that it exchanges, which any page can make a browser send', async () => {
    api = await limitedApi();
    for (const headers of [{}, { 'content-type': 'text/plain' }, { authorization: 'Basic YTpi' }])
      for (let sent = 0; sent < LIMIT; sent += 1) {
        const { status, json } = await api.ask('GET', '/auth/refresh', { headers });
        expect([status, json.type]).toEqual([401, 'https://users.example/problems/refresh-token-invalid']);
      }
    const { rows } = await api.vault.query('select count(*)::int as attempts from attempt');
    expect(rows).toEqual([{ attempts: 0 }]);
    expect((await api.ask('GET', '/auth/refresh', { token: 'x' })).status).toBe(401);
  });

  it('R-12 let a source that is refused send no more than a few requests at a time, and other sources all', async () => {
    api = await limitedApi({ TRUSTED_PROXIES: '127.0.0.1' });
    const logIn = (source: string) =>
      api.ask('POST', '/auth/login', { body: BODIES['/auth/login'], headers: from(source) });
    const flood = { isOn: true, refused: 0 };
    const repeated = async (): Promise<void> => {
      while (flood.isOn) if ((await logIn('192.0.2.1')).status === 429) flood.refused += 1;
    };
    const connections = Array.from({ length: 30 }, repeated);
    try {
      await until(() => flood.refused >= 6);
      const [before, startedAt] = [flood.refused, performance.now()];
      for (let sent = 0; sent < LIMIT; sent += 1) expect((await logIn('198.51.100.7')).status).toBe(401);
      await until(() => flood.refused >= before + 12);
      // Twelve refusals are two turns of six places, each half a second long. A flood that is not held gets a thousand a second.
      expect(performance.now() - startedAt).toBeGreaterThan(400);
    } finally {
      flood.isOn = false;
      await Promise.all(connections);
    }
  });

  it('R-08 answer 429 with a page to the confirmation form, which counts together with JSON', async () => {
    api = await limitedApi();
    const body = new URLSearchParams({ token: 'x', password: PASSWORD }).toString();
    expect((await api.ask('POST', '/auth/confirm', { body: BODIES['/auth/confirm'] })).status).toBe(400);
    for (let sent = 1; sent < LIMIT; sent += 1)
      expect((await api.ask('POST', '/auth/confirm', { body })).status).toBe(400);
    const limited = await api.ask('POST', '/auth/confirm', { body });
    expect([limited.status, limited.headers.get('content-type')]).toEqual([429, 'text/html; charset=utf-8']);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    for (let opened = 0; opened <= LIMIT; opened += 1)
      expect((await api.ask('GET', `/auth/confirm?token=${FORGED_TOKEN}`)).status).toBe(200);
  });
});
