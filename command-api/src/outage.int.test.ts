import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpAnswer } from '../../infra/kit/test/ask.js';
import { until } from '../../infra/kit/test/until.js';
import { PASSWORD, signInNewUser, type TestApi, testApi } from '../test/testApi.js';
import { REQUEST_TIMEOUTS } from './service.js';

const EMAIL = 'ada@example.org';
let api: TestApi;
beforeAll(async () => {
  api = await testApi({}, { requestTimeouts: REQUEST_TIMEOUTS });
});
afterEach(async () => {
  await Promise.all([api.logProxy.set('pass'), api.vaultProxy.set('pass')]);
});
afterAll(() => api.close());

const unavailable = (answer: HttpAnswer) => {
  expect([answer.status, answer.json?.type]).toEqual([503, 'https://users.example/problems/dependency-unavailable']);
  expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
};
const login = () => api.ask('POST', '/auth/login', { body: { email: EMAIL, password: PASSWORD } });
const register = (email: string) =>
  api.ask('POST', '/auth/register', { body: { email, name: 'Ada Lovelace', password: PASSWORD } });

describe('commands during an outage', () => {
  it('answer 503 with Retry-After while the log is down, and work again without a restart once it is back', async () => {
    const { accessToken: token } = await signInNewUser(api, EMAIL);
    await api.logProxy.set('refuse');
    unavailable(await login());
    unavailable(await register('new@example.org'));
    unavailable(await api.ask('PUT', '/user', { token, body: { name: 'Ada King' } }));
    unavailable(await api.ask('DELETE', '/user', { token, body: { password: PASSWORD } }));
    expect((await api.service.readiness()).checks).toMatchObject({ log: 'down', vault: 'up' });
    await api.logProxy.set('pass');
    await untilAnswered(login);
    await until(async () => (await api.service.readiness()).ready);
  });

  it('T-08 revoke the tokens on logout while the log is down, although they answer 503', async () => {
    const { accessToken: token, refreshToken } = await signInNewUser(api, 'out@example.org');
    await api.logProxy.set('refuse');
    unavailable(await api.ask('POST', '/auth/logout', { token }));
    await api.logProxy.set('pass');
    // A vault that is slow as well revokes them after the answer.
    await until(async () => (await api.ask('PUT', '/user', { token, body: { name: 'Eve' } })).status === 401);
    expect((await api.ask('POST', '/auth/refresh', { body: { refreshToken } })).status).toBe(401);
  });

  it('R-04 answer 503 without checking a password while the vault is down', async () => {
    await api.vaultProxy.set('refuse');
    unavailable(await login());
    unavailable(await register('new@example.org'));
    expect((await api.service.readiness()).checks).toMatchObject({ vault: 'down' });
    await api.vaultProxy.set('pass');
    await untilAnswered(login);
  });

  it('answer 503 with an HTML page to the confirmation form', async () => {
    await register('form@example.org');
    const token = await api.mailedToken('form@example.org');
    await api.logProxy.set('refuse');
    const body = new URLSearchParams({ token, password: PASSWORD }).toString();
    const answer = await api.ask('POST', '/auth/confirm', { body });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'text/html; charset=utf-8']);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.text).toContain(token);
    const lines = api.logged.map((line) => JSON.parse(line));
    const requestId = answer.headers.get('x-request-id');
    expect(lines).toContainEqual(expect.objectContaining({ msg: 'dependency unavailable', requestId }));
  });

  it('H-04 answer 500 with a page and without the error text to the confirmation form after an unexpected error', async () => {
    await register('broken@example.org');
    const token = await api.mailedToken('broken@example.org');
    await api.vault.query(`update data_key set wrapped = '\\x00' where subject = (select id from registration
      order by requested_at desc limit 1)`);
    const body = new URLSearchParams({ token, password: PASSWORD }).toString();
    const answer = await api.ask('POST', '/auth/confirm', { body });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([500, 'text/html; charset=utf-8']);
    expect(answer.text).toContain(answer.headers.get('x-request-id'));
    expect(answer.text).not.toMatch(/SealBroken|wrapped|at file/);
    expect(api.logged.filter((line) => line.includes('request failed'))).toHaveLength(1);
  });
});

/** The first use of a broken connection may fail once more, and the circuit breaker allows a probe after a second. */
const untilAnswered = (request: () => Promise<HttpAnswer>): Promise<void> =>
  until(async () => (await request()).status === 200);
