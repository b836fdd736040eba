import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { appoint } from '@ums/commands/admin/appoint';
import { type RunningEngines, startEngines } from '@ums/embedded/startEngines';
import type { OpenSearch } from '../engines/src/openSearch/startOpenSearch.js';
import { describeOnOwn } from '../engines/test/describeOn.js';
import { ENGINE_START_TIMEOUT_MS, ownOpenSearch, temporaryFolder } from '../engines/test/engineForTests.js';
import { indexedLines } from '../kit/test/logShippingTestbed.js';
import { until } from '../kit/test/until.js';
import { type ApiClient, apiClient, slugOf } from './test/apiClient.js';
import { fiveProcesses } from './test/fiveProcesses.js';
import { linkOf, nthMail } from './test/inbox.js';
import { spawnProgram } from './test/spawnProgram.js';

jest.setTimeout(450_000);

const SERVICES = ['command-api', 'notifier', 'projector', 'query-api'];
const CANARY = 'canary7c41e';
const ADA = {
  email: `${CANARY}.mail@${CANARY}.example.org`,
  name: `${CANARY} Name`,
  password: `${CANARY} password of Ada`,
};

let openSearch: OpenSearch;
let engines: RunningEngines;
let processes: Awaited<ReturnType<typeof fiveProcesses>>;
let client: ApiClient;
/** What must not be in any line. */
const secrets: string[] = [CANARY];

/** The fields of all lines that arrived. */
const lines = async (): Promise<Record<string, unknown>[]> =>
  (await indexedLines(openSearch.url)).map(({ _source }) => _source);

const untilIndexed = (matches: (line: Record<string, unknown>) => boolean): Promise<void> =>
  until(async () => (await lines()).some(matches));

const logs = async (...args: string[]): Promise<string> => {
  const command = spawnProgram('infra/commands/dist/logs/main.js', { OPENSEARCH_URL: openSearch.url }, args);
  expect([await command.ended, command.output().err]).toEqual([0, '']);
  return command.output().out;
};

describeOnOwn(['OpenSearch'], 'the logs of the four services in OpenSearch', () => {
  beforeAll(async () => {
    openSearch = await ownOpenSearch();
    const onFatal = (error: Error) => {
      throw error;
    };
    const dataDir = await temporaryFolder('ums-logs-');
    engines = await startEngines({ dataDir, inboxPort: 0, fsync: false, onFatal });
    const settings = { OPENSEARCH_URL: openSearch.url, LIMIT_FAILURES_PER_ACCOUNT_AND_SOURCE: '1' };
    processes = await fiveProcesses(engines, settings);
    client = await apiClient(processes.url);
  }, ENGINE_START_TIMEOUT_MS);

  afterAll(async () => {
    await processes?.close();
    await engines?.close();
  });

  it('L-01 one correlation id finds the lines of a registration in all four services, in the order of the times', async () => {
    const correlationId = randomUUID();
    const headers = { 'x-correlation-id': correlationId };
    expect((await client.ask('POST', '/auth/register', { body: ADA, headers })).status).toBe(202);
    const { token } = linkOf(await nthMail(engines.inbox, ADA.email, 1));
    const { email, password } = ADA;
    const confirmed = await client.ask('POST', '/auth/confirm', { body: { token, password }, headers });
    const login = await client.ask('POST', '/auth/login', { body: { email, password } });
    const { accessToken, refreshToken, user } = login.json;
    secrets.push(token, accessToken, refreshToken);
    const seen = { 'x-consistency-token': confirmed.headers.get('x-consistency-token') ?? '' };
    const read = await client.ask('GET', '/user', { token: accessToken, headers: { ...headers, ...seen } });
    expect([confirmed.status, login.status, read.status]).toEqual([200, 200, 200]);

    const ofRequest = (line: Record<string, unknown>) => line.correlationId === correlationId;
    const awaited = [
      { service: 'command-api', route: '/api/v1/auth/register' },
      { service: 'command-api', route: '/api/v1/auth/confirm' },
      { service: 'notifier', msg: 'mail sent' },
      { service: 'projector', msg: 'event projected' },
      { service: 'query-api', route: '/api/v1/user' },
    ];
    for (const line of awaited)
      await untilIndexed(
        (found) => ofRequest(found) && Object.entries(line).every(([name, value]) => found[name] === value),
      );
    await untilIndexed(({ route, userId }) => route === '/api/v1/auth/login' && userId === user.id);
    const printed = (await logs('--correlation', correlationId.toUpperCase())).trimEnd().split('\n');
    const expected = [
      /command-api request .*method=POST route=\/api\/v1\/auth\/register status=202/,
      /notifier {4}mail sent .*template=/,
      /command-api request .*method=POST route=\/api\/v1\/auth\/confirm status=200/,
      /projector {3}event projected .*type=UserRegistered/,
      /query-api {3}request .*method=GET route=\/api\/v1\/user status=200/,
    ];
    for (const line of expected) expect(printed).toContainEqual(expect.stringMatching(line));
    const times = printed.slice(0, -1).map((line) => line.split(' ')[0]);
    expect(times).toEqual([...times].sort());
    expect(printed.at(-1)).toMatch(/^\d+ lines\.$/);
    expect(await logs('--user', user.id, '--route', '/api/v1/auth/login', '--since', '1h')).toContain('status=200');
  });

  it('L-01 logs log-ins, refused access, what an administrator does and reached limits, with user and reason', async () => {
    const logIn = (password: string) => client.ask('POST', '/auth/login', { body: { email: ADA.email, password } });
    const { accessToken, user } = (await logIn(ADA.password)).json;
    expect((await client.ask('GET', '/users', { token: accessToken })).status).toBe(403);
    expect((await client.ask('GET', '/user', { token: `${accessToken}x` })).status).toBe(401);
    await appoint([ADA.email], processes.environment['command-api']);
    const admin = (await logIn(ADA.password)).json;
    const suspended = await client.ask('POST', `/users/${user.id}/suspension`, {
      ...{ token: admin.accessToken, body: { reason: `${CANARY} reason` } },
    });
    expect((await logIn(`${CANARY} wrong`)).status).toBe(401);
    let limited = await logIn(`${CANARY} wrong`);
    // The delay begins at a second, and each guess doubles it: one of these comes in time.
    for (let late = 0; late < 4 && limited.status === 401; late += 1) limited = await logIn(`${CANARY} wrong`);
    expect([suspended.status, slugOf(limited)]).toEqual([409, 'too-many-attempts']);

    const request = { msg: 'request', time: expect.stringMatching(/Z$/), requestId: expect.any(String) };
    await untilIndexed(({ slug }) => slug === 'too-many-attempts');
    // The last line of query-api; each service ships its lines in order.
    await untilIndexed(({ status, service }) => status === 401 && service === 'query-api');
    const indexed = await lines();
    const route = '/api/v1/auth/login';
    for (const line of [
      { service: 'command-api', route, status: 200, userId: user.id },
      { service: 'command-api', route, status: 401, slug: 'credentials-invalid' },
      { service: 'command-api', route, status: 429, slug: 'too-many-attempts' },
      { service: 'query-api', route: '/api/v1/users', status: 403, slug: 'forbidden', userId: user.id },
      { service: 'query-api', route: '/api/v1/user', status: 401 },
      { service: 'command-api', method: 'POST', status: 409, userId: user.id, slug: expect.any(String) },
    ])
      expect(indexed).toContainEqual(expect.objectContaining({ ...request, ...line }));
  });

  it('F-30 ships also what the processes log while they stop', async () => {
    await processes.restart('SIGTERM');
    await until(async () => {
      const stopping = (await lines()).filter(({ msg }) => msg === 'stopping').map(({ service }) => service);
      return SERVICES.every((service) => stopping.includes(service));
    });
  });

  it('L-02 holds no password, token, address or name in anything that arrived', async () => {
    const requests = [
      fetch(`${processes.url}/api/v1/user?email=${CANARY}`, { headers: { authorization: `Bearer ${CANARY}` } }),
      fetch(`${processes.url}/${CANARY}?token=${CANARY}`, { headers: { cookie: CANARY, 'user-agent': CANARY } }),
      fetch(`${processes.url}/api/v1/auth/register`, {
        method: 'POST',
        body: `{"${CANARY}`,
        headers: { 'content-type': 'application/json' },
      }),
    ];
    await Promise.all(requests);
    await untilIndexed(({ route, status }) => route === 'none' && status === 404);
    await processes.restart('SIGTERM');
    const indexed = await indexedLines(openSearch.url);
    expect(indexed.length).toBeGreaterThan(20);
    const text = JSON.stringify(indexed).toLowerCase();
    expect(secrets.length).toBe(4);
    for (const secret of secrets) expect(text).not.toContain(secret.toLowerCase());
    expect(new Set(indexed.map(({ _id }) => _id)).size).toBe(indexed.length);
  });
});
