import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { stoppedClock } from '../../../infra/kit/test/testClock.js';
import { PASSWORD, signInNewUser, type TestApi, testApi } from '../../test/testApi.js';

const NEW = 'nine quiet boats at noon';

let api: TestApi;
let count = 0;
let email: string;
let token: string;
beforeAll(async () => {
  // The day in which changes are counted does not end.
  api = await testApi({ APP_NAME: 'Tea & Co', LIMIT_CHANGES_PER_USER: '3' }, { clock: stoppedClock() });
});
beforeEach(async () => {
  count += 1;
  email = `ada.byron${count}@example.org`;
  ({ accessToken: token } = await signInNewUser(api, email));
});
afterAll(() => api.close());

const put = (body: object, headers: Record<string, string> = {}, bearer = token) =>
  api.ask('PUT', '/user/password', { token: bearer, body, headers });
const logIn = (password: string) => api.ask('POST', '/auth/login', { body: { email, password } });
const slugOf = ({ json }: { json: { type: string } }) => json.type.split('/').at(-1);

describe('PUT /user/password', () => {
  it('A-06 answers with tokens that go on, while those of every other session are refused', async () => {
    const other = (await logIn(PASSWORD)).json;
    const answer = await put({ password: PASSWORD, newPassword: NEW });
    expect([answer.status, answer.headers.get('etag'), answer.headers.get('cache-control')]).toEqual([
      200,
      '"1"',
      'no-store',
    ]);
    expect(answer.headers.get('x-consistency-token')).not.toBeNull();
    expect(Object.keys(answer.json).sort()).toEqual(['accessToken', 'expiresIn', 'refreshToken', 'tokenType']);

    const rename = (bearer: string) => api.ask('PUT', '/user', { token: bearer, body: { name: 'Ada King' } });
    expect((await rename(answer.json.accessToken)).status).toBe(200);
    for (const bearer of [token, other.accessToken]) expect((await rename(bearer)).status).toBe(401);
    const refreshed = (refreshToken: string) => api.ask('POST', '/auth/refresh', { body: { refreshToken } });
    expect((await refreshed(other.refreshToken)).status).toBe(401);
    expect((await refreshed(answer.json.refreshToken)).status).toBe(200);
    expect([(await logIn(PASSWORD)).status, (await logIn(NEW)).status]).toEqual([401, 200]);
  });

  it('A-06 T-11 answers 401 without a session and 403 to a wrong password, and changes nothing', async () => {
    expect((await put({ password: PASSWORD, newPassword: NEW }, {}, '')).status).toBe(401);
    const wrong = await put({ password: 'not the right password', newPassword: NEW });
    expect([wrong.status, slugOf(wrong)]).toEqual([403, 'password-invalid']);
    expect((await logIn(PASSWORD)).json.user.revision).toBe(0);
  });

  it('refuses a repeat with the old tokens', async () => {
    await put({ password: PASSWORD, newPassword: NEW });
    const repeat = await put({ password: PASSWORD, newPassword: NEW });
    expect([repeat.status, slugOf(repeat)]).toEqual([401, 'unauthenticated']);
  });

  it.each([
    ['14 characters!', 'must have at least 15 characters'],
    [`${'x9'.repeat(64)}!`, 'must have at most 128 characters'],
    ['passwordpassword', 'must not be a common password, even with digits or symbols around it'],
    ['ada.lovelace.ada', 'must not consist of your name, your email address or the name of this service'],
    ['tea & co tea & co', 'must not consist of your name, your email address or the name of this service'],
    [PASSWORD, 'must not be the current password'],
  ])('A-01 A-02 refuses %j as the new password, with the reason', async (newPassword, message) => {
    const answer = await put({ password: PASSWORD, newPassword });
    expect([answer.status, answer.json.errors]).toEqual([400, [{ field: 'newPassword', message }]]);
    expect(answer.text).not.toContain(newPassword);
  });

  it('A-02 knows the address of the user', async () => {
    const answer = await put({ password: PASSWORD, newPassword: email });
    expect([answer.status, answer.json.errors[0].field]).toEqual([400, 'newPassword']);
  });

  it('F-05 honours If-Match', async () => {
    const stale = await put({ password: PASSWORD, newPassword: NEW }, { 'if-match': '"7"' });
    expect([stale.status, slugOf(stale)]).toEqual([412, 'stale-revision']);
    expect((await put({ password: PASSWORD, newPassword: NEW }, { 'if-match': '"0"' })).status).toBe(200);
  });

  it('R-09 is limited in a day', async () => {
    let [current, bearer] = [PASSWORD, token];
    const statuses = [];
    for (const next of ['first', 'second', 'third', 'fourth'].map((word) => `${NEW} ${word}`)) {
      const { status, json } = await put({ password: current, newPassword: next }, {}, bearer);
      statuses.push(status);
      if (status === 200) [current, bearer] = [next, json.accessToken];
    }
    expect(statuses).toEqual([200, 200, 200, 429]);
    expect((await logIn(current)).status).toBe(200);
  });

  it('L-02 logs neither password', async () => {
    await put({ password: PASSWORD, newPassword: NEW });
    expect(api.logged.join('')).not.toMatch(/correct horse|nine quiet/);
  });
});
