import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseConsistencyToken } from '@ums/contracts/consistencyToken';
import { until } from '../../infra/kit/test/until.js';
import { appointFirstAdministrator, PASSWORD, signInNewUser, type TestApi, testApi } from '../test/testApi.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi();
});
afterAll(() => api.close());

const slugOf = (answer: { json: { type: string } }) => answer.json.type.split('/').at(-1);
const consistencyTokenOf = ({ headers }: { headers: Headers }) =>
  parseConsistencyToken(headers.get('X-Consistency-Token') ?? '');

describe('the write side over HTTP', () => {
  it('registers, confirms, logs in, renames, refreshes, logs out and erases', async () => {
    const email = 'story@example.org';
    const register = { email: 'Story@example.org', name: 'Ada Lovelace', password: PASSWORD };
    const registered = await api.ask('POST', '/auth/register', { body: register });
    expect([registered.status, registered.json]).toEqual([202, { status: 'confirmation-sent' }]);

    const early = await api.ask('POST', '/auth/login', { body: { email, password: PASSWORD } });
    expect([early.status, slugOf(early)]).toEqual([403, 'email-not-confirmed']);

    const body = { token: await api.mailedToken(email), password: PASSWORD };
    const confirmed = await api.ask('POST', '/auth/confirm', { body });
    expect([confirmed.status, confirmed.json]).toEqual([200, { status: 'confirmed' }]);
    expect(consistencyTokenOf(confirmed)?.position).toBeGreaterThan(0n);

    const loggedIn = await api.ask('POST', '/auth/login', { body: { email, password: PASSWORD } });
    expect(loggedIn.status).toBe(200);
    expect(loggedIn.json).toMatchObject({ tokenType: 'Bearer', expiresIn: 600, user: { email, revision: 0 } });
    expect(consistencyTokenOf(loggedIn)).toEqual(consistencyTokenOf(confirmed));
    const token = loggedIn.json.accessToken;

    const renamed = await api.ask('PUT', '/user', {
      token,
      body: { name: 'Ada King' },
      headers: { 'if-match': '"0"' },
    });
    expect([renamed.status, renamed.headers.get('etag')]).toEqual([200, '"1"']);
    expect(renamed.json).toEqual({ ...loggedIn.json.user, name: 'Ada King', revision: 1 });

    const unchanged = await api.ask('PUT', '/user', { token, body: { name: 'Ada King' } });
    expect([unchanged.status, unchanged.headers.get('etag')]).toEqual([200, '"1"']);
    expect(consistencyTokenOf(unchanged)).toEqual(consistencyTokenOf(renamed));

    const stale = await api.ask('PUT', '/user', { token, body: { name: 'Ada' }, headers: { 'if-match': '"0"' } });
    expect([stale.status, slugOf(stale)]).toEqual([412, 'stale-revision']);

    const refreshed = await api.ask('GET', '/auth/refresh', { token: loggedIn.json.refreshToken });
    expect([refreshed.status, refreshed.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const again = await api.ask('POST', '/auth/refresh', { body: { refreshToken: refreshed.json.refreshToken } });
    expect([again.status, again.headers.get('cache-control')]).toEqual([200, 'no-store']);

    const out = await api.ask('POST', '/auth/logout', { token: again.json.accessToken });
    expect([out.status, out.text]).toEqual([204, '']);
    for (const revoked of [token, again.json.accessToken])
      expect((await api.ask('PUT', '/user', { token: revoked, body: { name: 'Eve' } })).status).toBe(401);

    const { accessToken } = (await api.ask('POST', '/auth/login', { body: { email, password: PASSWORD } })).json;
    const wrong = await api.ask('DELETE', '/user', { token: accessToken, body: { password: `${PASSWORD}!` } });
    expect([wrong.status, slugOf(wrong)]).toEqual([403, 'password-invalid']);
    const erased = await api.ask('DELETE', '/user', { token: accessToken, body: { password: PASSWORD } });
    expect([erased.status, erased.text]).toEqual([204, '']);
    expect(consistencyTokenOf(erased)?.position).toBeGreaterThan(consistencyTokenOf(renamed)?.position ?? 0n);
    const erasedLogin = await api.ask('POST', '/auth/login', { body: { email, password: PASSWORD } });
    expect([erasedLogin.status, slugOf(erasedLogin)]).toEqual([401, 'credentials-invalid']);
  });

  it('F-01 answers a repeat under the same Idempotency-Key alike, and a different request under it with 422', async () => {
    const { accessToken: token } = await signInNewUser(api, 'repeat@example.org');
    const headers = { 'idempotency-key': 'rename-1' };
    const first = await api.ask('PUT', '/user', { token, body: { name: 'Once' }, headers });
    await api.ask('PUT', '/user', { token, body: { name: 'Twice' } });
    const again = await api.ask('PUT', '/user', { token, body: { name: 'Once' }, headers });
    expect([again.status, again.text]).toEqual([200, first.text]);
    const other = await api.ask('PUT', '/user', { token, body: { name: 'Other' }, headers });
    expect([other.status, slugOf(other)]).toEqual([422, 'idempotency-key-reused']);
  });

  it('T-08 lets an administrator suspend and reinstate a user, whose tokens are refused from the next command on', async () => {
    const user = await signInNewUser(api, 'suspended@example.org');
    await signInNewUser(api, 'admin@example.org');
    await appointFirstAdministrator(api, 'admin@example.org');
    const login = { body: { email: 'admin@example.org', password: PASSWORD } };
    const admin = (await api.ask('POST', '/auth/login', login)).json;
    const path = `/users/${user.user.id}/suspension`;
    const body = { reason: 'Reported for abuse' };

    const denied = await api.ask('POST', `/users/${admin.user.id}/suspension`, { token: user.accessToken, body });
    expect([denied.status, slugOf(denied)]).toEqual([403, 'forbidden']);

    const suspended = await api.ask('POST', path, { token: admin.accessToken, body });
    expect([suspended.status, suspended.json.status, suspended.json.revision]).toEqual([200, 'suspended', 1]);
    expect(consistencyTokenOf(suspended)).toBeDefined();
    expect((await api.ask('PUT', '/user', { token: user.accessToken, body: { name: 'Eve' } })).status).toBe(401);
    const refused = await api.ask('POST', '/auth/refresh', { body: { refreshToken: user.refreshToken } });
    expect([refused.status, slugOf(refused)]).toEqual([401, 'refresh-token-invalid']);
    const login2 = await api.ask('POST', '/auth/login', {
      body: { email: 'suspended@example.org', password: PASSWORD },
    });
    expect([login2.status, slugOf(login2)]).toEqual([403, 'account-suspended']);

    const byKey = { token: admin.accessToken, body, headers: { 'idempotency-key': 'end-1' } };
    const reinstated = await api.ask('DELETE', path, byKey);
    expect([reinstated.status, reinstated.json.status]).toEqual([200, 'active']);
    const byPost = await api.ask('POST', `${path}/end`, byKey);
    expect([byPost.status, byPost.text]).toEqual([200, reinstated.text]);

    const last = await api.ask('POST', `/users/${admin.user.id}/suspension`, { token: admin.accessToken, body });
    expect([last.status, slugOf(last)]).toEqual([409, 'last-administrator']);
  });

  it('T-08 replaces roles: the tokens are refused from the next command on, and a refresh gives the new roles', async () => {
    const user = await signInNewUser(api, 'roles@example.org');
    const login = { body: { email: 'admin@example.org', password: PASSWORD } };
    const admin = (await api.ask('POST', '/auth/login', login)).json;
    const path = `/users/${user.user.id}/roles`;
    const body = { roles: ['user', 'admin'], reason: 'Joins the team', password: PASSWORD };
    const denied = await api.ask('PUT', path, { token: user.accessToken, body });
    expect([denied.status, slugOf(denied)]).toEqual([403, 'forbidden']);
    for (const roles of [[], ['user', 'user'], ['root'], 'admin', [['user']], [1]]) {
      const refused = await api.ask('PUT', path, { token: admin.accessToken, body: { ...body, roles } });
      expect([refused.status, refused.json.errors]).toMatchObject([400, [{ field: 'roles' }]]);
    }
    const wrong = await api.ask('PUT', path, { token: admin.accessToken, body: { ...body, password: 'another one' } });
    expect([wrong.status, slugOf(wrong)]).toEqual([403, 'password-invalid']);

    const replaced = await api.ask('PUT', path, { token: admin.accessToken, body });
    expect([replaced.status, replaced.json.roles, replaced.headers.get('etag')]).toEqual([
      200,
      ['user', 'admin'],
      '"1"',
    ]);
    expect(consistencyTokenOf(replaced)).toBeDefined();
    expect((await api.ask('PUT', '/user', { token: user.accessToken, body: { name: 'Eve' } })).status).toBe(401);
    const { json } = await api.ask('POST', '/auth/refresh', { body: { refreshToken: user.refreshToken } });
    const revoked = { roles: ['user'], reason: 'Leaves the team' };
    const own = await api.ask('PUT', path, { token: json.accessToken, body: revoked });
    expect([own.status, own.json.roles]).toEqual([200, ['user']]);
    expect((await api.ask('PUT', path, { token: json.accessToken, body: revoked })).status).toBe(401);
  });

  it('T-08 logs out with an access token that is not valid and the refresh token, and refuses with neither', async () => {
    const { accessToken, refreshToken } = await signInNewUser(api, 'expired@example.org');
    const token = `${accessToken.slice(0, -86)}${'A'.repeat(86)}`;
    const out = (body?: object) => api.ask('POST', '/auth/logout', { token, ...(body === undefined ? {} : { body }) });
    for (const refused of [await out(), await out({}), await out({ refreshToken: 'forged' })])
      expect([refused.status, slugOf(refused)]).toEqual([401, 'unauthenticated']);
    const ended = await out({ refreshToken });
    expect([ended.status, ended.text]).toEqual([204, '']);
    expect((await api.ask('POST', '/auth/logout', { body: { refreshToken } })).status).toBe(401);
    expect((await api.ask('PUT', '/user', { token: accessToken, body: { name: 'Eve' } })).status).toBe(401);
  });

  it('T-11 erases with POST as with DELETE', async () => {
    const { accessToken: token, user } = await signInNewUser(api, 'post@example.org');
    const headers = { 'if-match': '"0"' };
    const erase = (password: string) => api.ask('POST', '/user/erasure', { token, body: { password }, headers });
    const wrong = await erase(`${PASSWORD}!`);
    expect([wrong.status, slugOf(wrong)]).toEqual([403, 'password-invalid']);
    const erased = await erase(PASSWORD);
    expect([erased.status, erased.text]).toEqual([204, '']);
    expect(consistencyTokenOf(erased)).toBeDefined();
    const { rows } = await api.vault.query(
      'select status, receipt from account join erasure_receipt using (user_id) where user_id = $1',
      [user.id],
    );
    expect(rows).toEqual([{ status: 'erased', receipt: erased.headers.get('Erasure-Receipt') }]);
    const repeat = await erase(PASSWORD);
    expect([repeat.status, slugOf(repeat)]).toEqual([401, 'unauthenticated']);
  });

  it('A-07 starts without default accounts', async () => {
    for (const [email, password] of [
      ['admin@localhost.localdomain', 'admin'],
      ['admin@users.example', 'changeit'],
      ['root@users.example', 'root'],
    ]) {
      const answer = await api.ask('POST', '/auth/login', { body: { email, password } });
      expect([answer.status, slugOf(answer)]).toEqual([401, 'credentials-invalid']);
    }
  });

  it('publishes its public keys and reports that it is ready', async () => {
    const keys = await (await fetch(`${api.base}/.well-known/jwks.json`)).json();
    expect(keys).toMatchObject({ keys: [{ kty: 'EC', crv: 'P-256', alg: 'ES256' }] });
    const asked: Response[] = [];
    // The checks have two seconds, which an engine can take on a slow machine.
    await until(async () => {
      asked.push(await fetch(`${api.base}/health/ready`));
      return asked.at(-1)?.status === 200;
    });
    expect(await asked.at(-1)?.json()).toMatchObject({
      ...{ status: 'ready', checks: { log: 'up', vault: 'up', reconciler: 'up' } },
    });
  });
});
