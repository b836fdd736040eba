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
