import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROBLEM_PAGES } from '@ums/contracts/http/problemPages';
import { stoppedClock } from '../../infra/kit/test/testClock.js';
import { signInNewUser, type TestApi, testApi } from '../test/testApi.js';
import { COMMAND_PROBLEMS } from './problems.js';

const ORIGIN = 'https://app.example.org';
const clock = stoppedClock();

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ CORS_ORIGINS: ORIGIN, REFRESH_GRACE_SECONDS: '5' }, { clock });
});
afterAll(() => api.close());

describe('command-api with settings and a clock', () => {
  it('H-01 CORS_ORIGINS: scripts of the origin may read refusals, others may not', async () => {
    const allowed = async (origin: string) => {
      const { status, headers } = await api.ask('POST', '/auth/login', { body: { email: 1 }, headers: { origin } });
      return [status, headers.get('access-control-allow-origin')];
    };
    expect(await allowed(ORIGIN)).toEqual([400, ORIGIN]);
    expect(await allowed('https://other.example.org')).toEqual([400, null]);
  });

  it('T-07 REFRESH_GRACE_SECONDS: so long a used token gets the same successor', async () => {
    const { refreshToken } = await signInNewUser(api, 'ada@example.org');
    const use = async () => (await api.ask('POST', '/auth/refresh', { body: { refreshToken } })).json;
    const first = await use();
    clock.advance(4_000);
    expect((await use()).refreshToken).toBe(first.refreshToken);
    clock.advance(2_000);
    expect(await use()).toMatchObject({ status: 401 });
  });

  it('T-08 a session ends with its refresh token after the access token has expired, and not with that alone', async () => {
    const { accessToken: token, refreshToken } = await signInNewUser(api, 'grace@example.org');
    clock.advance(11 * 60_000);
    expect((await api.ask('PUT', '/user', { token, body: { name: 'Grace' } })).status).toBe(401);
    expect((await api.ask('POST', '/auth/logout', { token })).status).toBe(401);
    expect((await api.ask('POST', '/auth/logout', { token, body: { refreshToken } })).status).toBe(204);
    expect((await api.ask('POST', '/auth/refresh', { body: { refreshToken } })).status).toBe(401);
  });

  it('H-04 every problem has its page', async () => {
    const slugs = Object.keys(COMMAND_PROBLEMS);
    expect(slugs.length).toBeGreaterThan(20);
    for (const slug of [...slugs, ...Object.keys(PROBLEM_PAGES)])
      expect([slug, (await fetch(`${api.base}/problems/${slug}`)).status]).toEqual([slug, 200]);
  });
});
