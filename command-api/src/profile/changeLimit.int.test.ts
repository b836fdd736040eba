import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { signInNewUser, type TestApi, testApi } from '../../test/testApi.js';

let api: TestApi;
beforeAll(async () => {
  api = await testApi({ LIMIT_CHANGES_PER_USER: '5' });
});
afterAll(() => api.close());

it('R-09 answers 429 to a user after the changes of a day, and changes other users all the same', async () => {
  const [ada, bob] = [await signInNewUser(api, 'ada@example.org'), await signInNewUser(api, 'bob@example.org')];
  const rename = (token: string, name: string) => api.ask('PUT', '/user', { token, body: { name } });
  for (let change = 1; change <= 5; change += 1)
    expect((await rename(ada.accessToken, `Ada ${change}`)).json.revision).toBe(change);
  const refused = await rename(ada.accessToken, 'Ada 6');
  expect([refused.status, refused.json.type]).toEqual([429, 'https://users.example/problems/too-many-attempts']);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await rename(bob.accessToken, 'Bob King')).json.revision).toBe(1);
});

it('R-09 counts no request that changes nothing: equal values, a repeat under its key, a stale revision', async () => {
  const { accessToken: token } = await signInNewUser(api, 'grace@example.org');
  const put = (body: object, headers = {}) => api.ask('PUT', '/user', { token, body, headers });
  for (let time = 1; time <= 6; time++) expect((await put({ locale: 'en' })).json.revision).toBe(0);
  for (let time = 1; time <= 6; time++)
    expect((await put({ name: 'Grace 1' }, { 'idempotency-key': 'same-request-1' })).json.revision).toBe(1);
  for (let time = 1; time <= 6; time++)
    expect((await put({ name: 'Grace 9' }, { 'if-match': '"0"' })).status).toBe(412);
  for (let revision = 2; revision <= 5; revision++)
    expect((await put({ name: `Grace ${revision}` })).json.revision).toBe(revision);
  expect((await put({ name: 'Grace 6' })).status).toBe(429);
});
