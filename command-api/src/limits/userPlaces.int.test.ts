import { once } from 'node:events';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { API_PREFIX } from '@ums/contracts/routes';
import type pg from 'pg';
import type { HttpAnswer } from '../../../infra/kit/test/ask.js';
import { until } from '../../../infra/kit/test/until.js';
import { signInNewUser, type TestApi, type TestApiOptions, testApi } from '../../test/testApi.js';
import { REQUEST_TIMEOUTS } from '../service.js';

/** As `userPlaces` in infra/identity sets it. */
const RUNNING = 6;
/** More than the ten connections of the service to the vault. */
const FLOOD = 16;

let api: TestApi;
let holder: pg.PoolClient;
/** To be called in `describe`. */
const useApi = (options: TestApiOptions = {}): void => {
  beforeAll(async () => {
    api = await testApi({}, options);
    holder = await api.vault.connect();
  });
  afterEach(() => holder.query('rollback'));
  afterAll(async () => {
    holder.release();
    await api.close();
  });
};

type User = Awaited<ReturnType<typeof signInNewUser>>;
const rename = ({ accessToken: token }: User) => api.ask('PUT', '/user', { token, body: { name: 'Ada King' } });
const renames = (user: User, count = FLOOD): Promise<HttpAnswer>[] => Array.from({ length: count }, () => rename(user));
const statusesOf = async (answers: Promise<HttpAnswer>[]): Promise<Set<number>> =>
  new Set((await Promise.all(answers)).map(({ status }) => status));
/** Commands of the user wait for the lock of the account from now on, until the transaction ends. */
const holdAccount = async ({ user }: User): Promise<void> => {
  await holder.query('begin');
  await holder.query('select from account where user_id = $1 for update', [user.id]);
};
const release = () => holder.query('rollback');
/** Without the reconciler, which settles the account of a new user about a second later, and waits then, too. */
const heldCommands = async (): Promise<number> => {
  const { rows } = await api.vault.query<{ held: number }>(
    `select count(*)::int as held from pg_stat_activity where datname = current_database()
       and application_name = 'command-api' and wait_event_type = 'Lock'`,
  );
  return rows[0]?.held ?? 0;
};
const allRun = () => until(async () => (await heldCommands()) === RUNNING);
const noneRuns = () => until(async () => (await heldCommands()) === 0);
/** A request that the client breaks off when the signal aborts. */
const renameUntil = ({ accessToken }: User, signal: AbortSignal) =>
  fetch(`${api.base}${API_PREFIX}/user`, {
    ...{ method: 'PUT', body: JSON.stringify({ name: 'Ada King' }), signal },
    headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
  });
/** Sends the beginning of an upload, and no more. */
const stallUpload = ({ accessToken }: User): ClientRequest => {
  const headers = {
    authorization: `Bearer ${accessToken}`,
    ...{ 'content-type': 'multipart/form-data; boundary=b', 'content-length': 100_000 },
  };
  const request = httpRequest(`${api.base}${API_PREFIX}/user`, { method: 'PUT', agent: false, headers });
  request.on('error', () => undefined);
  request.write('--b\r\ncontent-disposition: form-data; name="picture"; filename="a.png"\r\n\r\n');
  return request;
};

describe('a user who sends many commands at once', () => {
  useApi();

  it('R-11 leaves connections to the other users, and is served itself', async () => {
    const one = await signInNewUser(api, 'one@example.org');
    const other = await signInNewUser(api, 'other@example.org');
    await holdAccount(one);
    const flood = renames(one);
    await allRun();
    expect((await rename(other)).status).toBe(200);
    await release();
    expect(await statusesOf(flood)).toEqual(new Set([200]));
  });

  it('R-11 has all places again after requests that failed and whose client left', async () => {
    const one = await signInNewUser(api, 'fourth@example.org');
    await api.vaultProxy.set('refuse');
    expect(await statusesOf(renames(one))).toEqual(new Set([503]));
    await api.vaultProxy.set('pass');
    await until(async () => (await rename(one)).status === 200);

    await holdAccount(one);
    const leaving = new AbortController();
    const left = Array.from({ length: FLOOD }, () => renameUntil(one, leaving.signal));
    await allRun();
    leaving.abort();
    for (const { status } of await Promise.allSettled(left)) expect(status).toBe('rejected');
    await release();
    await noneRuns();

    await holdAccount(one);
    const flood = renames(one);
    await allRun();
    await release();
    expect(await statusesOf(flood)).toEqual(new Set([200]));
  });

  it('R-11 has all places while its uploads arrive slowly: they have slots of their own', async () => {
    const one = await signInNewUser(api, 'fifth@example.org');
    const uploads = [stallUpload(one), stallUpload(one), stallUpload(one)];
    // One of the three is refused: both others have a slot.
    const [refused] = await Promise.race(uploads.map((upload) => once(upload, 'response')));
    expect((refused as IncomingMessage).statusCode).toBe(429);
    await holdAccount(one);
    const flood = renames(one, RUNNING);
    await allRun();
    await release();
    expect(await statusesOf(flood)).toEqual(new Set([200]));
    for (const upload of uploads) upload.destroy();
  });
});

describe('a user who sends many commands at once, to databases that do not answer in time', () => {
  useApi({ requestTimeouts: REQUEST_TIMEOUTS });

  it('F-03 R-11 gets 503 for all that waits behind commands whose statements got no answer, while others are served', async () => {
    const one = await signInNewUser(api, 'second@example.org');
    const other = await signInNewUser(api, 'third@example.org');
    await holdAccount(one);
    const answers: HttpAnswer[] = [];
    const noteAnswer = async (sent: Promise<HttpAnswer>) => void answers.push(await sent);
    const flood = renames(one).map(noteAnswer);
    await allRun();
    // This route is public, and checks the token itself.
    flood.push(noteAnswer(api.ask('POST', '/auth/logout', { token: one.accessToken })));
    const others = new Set<number>();
    await until(async () => {
      others.add((await rename(other)).status);
      return answers.length === flood.length;
    }, 180_000);
    await release();
    expect(others).toEqual(new Set([200]));
    for (const { json, headers } of answers)
      expect([json.type, headers.get('retry-after')]).toEqual([
        'https://users.example/problems/dependency-unavailable',
        '1',
      ]);
    const dependency = 'earlier request of the client';
    const lines = api.logged.map((line) => JSON.parse(line)).filter((line) => line.dependency === dependency);
    expect(lines.length).toBeGreaterThanOrEqual(flood.length - RUNNING);
  }, 240_000);
});
