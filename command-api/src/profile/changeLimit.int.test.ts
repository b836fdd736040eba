import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { API_PREFIX } from '@ums/contracts/routes';
import { userStream } from '@ums/contracts/streams';
import { connectEventLog } from '@ums/kit/event-log/connectEventLog';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import { serviceCause } from '@ums/kit/facts/cause';
import { silentLog } from '@ums/kit/log';
import { masterKeys } from '@ums/kit/sealing/masterKeys';
import { stoppedClock } from '../../../infra/kit/test/testClock.js';
import { PASSWORD, signInNewUser, type TestApi, testApi } from '../../test/testApi.js';

let api: TestApi;
beforeAll(async () => {
  // The day in which changes are counted does not end.
  api = await testApi({ LIMIT_CHANGES_PER_USER: '5' }, { clock: stoppedClock() });
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

it('F-01 R-09 answers the repeat of the last change of a day under its key, as a form too', async () => {
  const { accessToken: token } = await signInNewUser(api, 'hedy@example.org');
  for (let change = 1; change <= 4; change += 1)
    await api.ask('PUT', '/user', { token, body: { name: `Hedy ${change}` } });
  const sendForm = (name: string, headers: Record<string, string>) => {
    const body = new FormData();
    body.set('name', name);
    const authorization = `Bearer ${token}`;
    return fetch(`${api.base}${API_PREFIX}/user`, { method: 'PUT', body, headers: { authorization, ...headers } });
  };
  const key = { 'idempotency-key': 'the-last-change-of-a-day' };
  for (let time = 1; time <= 2; time++) {
    const answer = await sendForm('Hedy 5', key);
    expect([answer.status, await answer.json()]).toMatchObject([200, { revision: 5 }]);
  }
  for (const other of [{}, { 'idempotency-key': 'another-change' }])
    expect((await sendForm('Hedy 6', other)).status).toBe(429);
});

/** Appends events to a user with one event, until there are as many as given. They hold nothing personal. */
const lengthenHistory = async (userId: string, events: number): Promise<void> => {
  const eventLog = connectEventLog({ url: api.config.EVENTSTORE_URL, appendDeadlineMs: 60_000, log: silentLog });
  const noKeys = { fetch: async () => new Map(), fresh: async () => new Map(), evict: () => undefined };
  const added = Array.from({ length: events - 1 }, (_, index) => {
    return { type: 'UserLocaleChanged', data: { locale: index % 2 === 0 ? 'de' : 'en' } } as const;
  });
  await appendFacts(
    { eventLog, keys: noKeys, masterKeys: masterKeys('unused'), clock: { now: () => new Date() } },
    { stream: userStream(userId), events: added, expected: 0n, cause: serviceCause('keeper', { id: randomUUID() }) },
  ).finally(() => eventLog.close());
};

it('R-09 changes a user with a history of 500 events once a day, and takes nothing from shorter ones', async () => {
  const [long, short] = [await signInNewUser(api, 'long@example.org'), await signInNewUser(api, 'short@example.org')];
  await lengthenHistory(long.user.id, 500);
  await lengthenHistory(short.user.id, 499);
  const rename = (token: string, name: string) => api.ask('PUT', '/user', { token, body: { name } });
  const stale = await api.ask('PUT', '/user', {
    token: long.accessToken,
    body: { name: 'X' },
    headers: { 'if-match': '"0"' },
  });
  expect(stale.status).toBe(412);
  expect((await rename(long.accessToken, 'Long 1')).json.revision).toBe(500);
  const refused = await rename(long.accessToken, 'Long 2');
  expect([refused.status, refused.json.type]).toEqual([429, 'https://users.example/problems/too-many-attempts']);
  expect((await rename(short.accessToken, 'Short 1')).json.revision).toBe(499);
  expect((await rename(short.accessToken, 'Short 2')).json.revision).toBe(500);
  expect((await rename(short.accessToken, 'Short 3')).status).toBe(429);
});

const NEW = 'nine quiet boats at noon';
const slugOf = ({ json }: { json: { type?: string } }) => json.type?.split('/').at(-1);

it.each([
  ['password', 2, 5, '/user/password', { newPassword: NEW }],
  ['address', 2, 5, '/user', { email: 'moved.2@example.org' }],
  ['password', 500, 1, '/user/password', { newPassword: NEW }],
  ['address', 500, 1, '/user', { email: 'moved.500@example.org' }],
])(
  'T-11 R-09 changes the %s of a user with %i events whose renames are used up',
  async (what, events, renames, path, change) => {
    const { user, accessToken: token } = await signInNewUser(api, `${what}.${events}@example.org`);
    await lengthenHistory(user.id, events);
    const put = (to: string, body: object) => api.ask('PUT', to, { token, body });
    for (let rename = 1; rename <= renames; rename += 1)
      expect((await put('/user', { name: `Thief ${rename}` })).status).toBe(200);
    expect((await put('/user', { name: 'Thief' })).status).toBe(429);
    const unproven = await put('/user', { name: 'Thief', email: 'thief@example.org', password: 'a wrong password' });
    expect([unproven.status, slugOf(unproven)]).toEqual([403, 'password-invalid']);
    expect((await put(path, { ...change, password: PASSWORD })).status).toBeLessThan(300);
  },
);

it('R-09 counts changes of the password and the address together, and takes no rename for them', async () => {
  const { accessToken } = await signInNewUser(api, 'changing@example.org');
  let [token, current] = [accessToken, PASSWORD];
  const put = (path: string, body: object) => api.ask('PUT', path, { token, body });
  expect((await put('/user', { email: 'changed@example.org', password: current })).status).toBe(202);
  for (const next of ['first', 'second', 'third', 'fourth'].map((word) => `${NEW} ${word}`)) {
    const { status, json } = await put('/user/password', { password: current, newPassword: next });
    expect(status).toBe(200);
    [token, current] = [json.accessToken, next];
  }
  expect((await put('/user/password', { password: current, newPassword: NEW })).status).toBe(429);
  const refused = await put('/user', { email: 'again@example.org', password: current });
  expect([refused.status, slugOf(refused)]).toEqual([429, 'too-many-attempts']);
  expect((await put('/user', { name: 'Ada King' })).status).toBe(200);
});
