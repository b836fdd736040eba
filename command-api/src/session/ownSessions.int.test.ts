import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PASSWORD, signInNewUser, type TestApi, testApi } from '../../test/testApi.js';

const WRONG = 'not the right password';

let api: TestApi;
let count = 0;
let email: string;
let token: string;
beforeAll(async () => {
  api = await testApi();
});
beforeEach(async () => {
  count += 1;
  email = `ada${count}@example.org`;
  ({ accessToken: token } = await signInNewUser(api, email));
});
afterAll(() => api.close());

const logIn = async () => (await api.ask('POST', '/auth/login', { body: { email, password: PASSWORD } })).json;
const list = (bearer = token) => api.ask('GET', '/user/sessions', { token: bearer });
const sessionsOf = async (bearer = token): Promise<{ id: string; current: boolean }[]> =>
  (await list(bearer)).json.items;
const currentId = async (bearer: string) => (await sessionsOf(bearer)).find(({ current }) => current)?.id;
const end = (path: string, password = PASSWORD, bearer = token) =>
  api.ask('POST', `/user/sessions/${path}`, { token: bearer, body: { password } });
const rename = async (bearer: string) =>
  (await api.ask('PUT', '/user', { token: bearer, body: { name: 'Ada King' } })).status;
const refresh = async (refreshToken: string) =>
  (await api.ask('POST', '/auth/refresh', { body: { refreshToken } })).status;
const slugOf = ({ json }: { json: { type: string } }) => json.type.split('/').at(-1);

describe('GET /user/sessions', () => {
  it('lists the sessions of the caller with their times: the current one, and then that which was refreshed last', async () => {
    const other = await logIn();
    await signInNewUser(api, `eve${count}@example.org`);
    expect((await sessionsOf()).map(({ current }) => current)).toEqual([true, false]);
    const otherId = await currentId(other.accessToken);
    const { refreshToken } = await logIn();
    expect(await refresh(refreshToken)).toBe(200);

    const { status, headers, json } = await list();
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store']);
    expect(json.items.map(({ current }: { current: boolean }) => current)).toEqual([true, false, false]);
    expect(json.items[2].id).toBe(otherId);
    const [, { startedAt, refreshedAt, expiresAt }] = json.items;
    expect(Date.parse(refreshedAt)).toBeGreaterThanOrEqual(Date.parse(startedAt));
    expect(Date.parse(expiresAt) - Date.parse(refreshedAt)).toBe(14 * 86_400_000);
  });

  it('omits sessions that have ended or expired, and lists a hundred at most', async () => {
    const { accessToken } = await logIn();
    await api.ask('POST', '/auth/logout', { token: accessToken });
    await logIn();
    const ids = (await sessionsOf()).map(({ id }) => id);
    expect(ids).toHaveLength(2);
    await api.vault.query('update session set expires_at = now() where id = $1', [ids[1]]);
    expect((await sessionsOf()).map(({ id }) => id)).toEqual([ids[0]]);
    await api.vault.query(
      `insert into session (id, user_id, epoch, expires_at)
       select gen_random_uuid(), user_id, epoch, now() + interval '1 day' from session, generate_series(1, 105) where id = $1`,
      [ids[0]],
    );
    const listed = await sessionsOf();
    expect([listed.length, listed[0]?.current]).toEqual([100, true]);
    expect((await end('end')).status).toBe(204);
    expect((await sessionsOf()).map(({ id }) => id)).toEqual([ids[0]]);
  });

  it('answers 401 without a session', async () => {
    await api.ask('POST', '/auth/logout', { token });
    expect([(await list()).status, (await list('')).status]).toEqual([401, 401]);
  });
});

describe('POST /user/sessions/end', () => {
  it('T-08 ends every session but the current one, whose tokens go on', async () => {
    const [one, two] = [await logIn(), await logIn()];
    expect([(await end('end')).status, (await end('end')).status]).toEqual([204, 204]);
    for (const { accessToken, refreshToken } of [one, two])
      expect([await rename(accessToken), await refresh(refreshToken)]).toEqual([401, 401]);
    expect([await rename(token), (await sessionsOf()).length]).toEqual([200, 1]);
  });

  it('T-11 ends nothing without the password of the caller, or without a session', async () => {
    const other = await logIn();
    const wrong = await end('end', WRONG);
    expect([wrong.status, slugOf(wrong)]).toEqual([403, 'password-invalid']);
    expect((await end('end', PASSWORD, '')).status).toBe(401);
    expect(await rename(other.accessToken)).toBe(200);
  });
});

describe('POST /user/sessions/{id}/end', () => {
  it('T-08 ends that session at once and no other, and is not found a second time', async () => {
    const [one, two] = [await logIn(), await logIn()];
    const id = (await currentId(one.accessToken)) ?? '';
    expect((await end(`${id.toUpperCase()}/end`)).status).toBe(204);
    expect([await rename(one.accessToken), await refresh(one.refreshToken)]).toEqual([401, 401]);
    expect([await rename(two.accessToken), await rename(token)]).toEqual([200, 200]);
    const again = await end(`${id}/end`);
    expect([again.status, slugOf(again)]).toEqual([404, 'not-found']);
  });

  it('T-08 may end the current session', async () => {
    expect((await end(`${await currentId(token)}/end`)).status).toBe(204);
    expect([await rename(token), (await list()).status]).toEqual([401, 401]);
  });

  it('T-11 ends nothing without the password of the caller', async () => {
    const wrong = await end(`${await currentId(token)}/end`, WRONG);
    expect([wrong.status, slugOf(wrong), await rename(token)]).toEqual([403, 'password-invalid', 200]);
  });

  it("does not find another user's session, and leaves it to its user", async () => {
    const { accessToken } = await signInNewUser(api, `eve${count}@example.org`);
    const refused = await end(`${await currentId(accessToken)}/end`);
    expect([refused.status, slugOf(refused), await rename(accessToken)]).toEqual([404, 'not-found', 200]);
  });

  it('refuses an id that is none, and names it', async () => {
    const refused = await end('1/end');
    expect([refused.status, refused.json.errors[0].field]).toEqual([400, 'id']);
  });
});
