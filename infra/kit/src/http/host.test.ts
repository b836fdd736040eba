import { Agent, request as httpRequest, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Problem } from '@ums/contracts/http/problem';
import express, { Router } from 'express';
import { hostedApi } from '../../test/hostedApi.js';
import { DependencyUnavailable } from '../dependencyUnavailable.js';
import { LogUnavailable } from '../event-log/eventLog.js';
import { createLog } from '../log.js';
import type { Readiness } from '../readiness.js';
import { Refused } from '../refused.js';
import { createHost, type HostOptions } from './host.js';
import { type Listening, listen } from './listen.js';
import { probes } from './probes.js';
import { contextOf } from './requestContext.js';

const SECURITY_HEADERS = [
  'Strict-Transport-Security',
  'Content-Security-Policy',
  'Referrer-Policy',
  'X-Content-Type-Options',
  'X-Frame-Options',
];
const CANARY = 'canary-7f3a9c';

let lines: string[];
let listening: Listening;
let readiness: Readiness;
/** The answer of GET /users/1 is held until released. */
let held: Promise<void>;
let hold: () => void;
let release: () => void;

const router = (): Router => {
  const routes = Router();
  routes.post('/auth/login', (request, response) => void response.json({ body: request.body ?? null }));
  routes.post('/auth/confirm', (request, response) => void response.json({ body: request.body ?? null }));
  routes.get('/user', (request, response) => void response.json(contextOf(request)));
  routes.delete('/user', () => {
    throw new Error(`select ${CANARY} from host-db.internal`);
  });
  routes.put('/user', () => {
    throw new Refused('stale-revision');
  });
  routes.get('/users', () => {
    throw new DependencyUnavailable('vault');
  });
  routes.get('/users/:id', async (_request, response) => {
    await new Promise<void>((resolve) => {
      release = resolve;
      hold();
    });
    response.json({ done: true });
  });
  routes.delete('/users/:id/suspension', () => {
    throw Object.assign(new Error(`connect ECONNREFUSED ${CANARY}`), { code: 'ECONNREFUSED' });
  });
  routes.post('/auth/send', () => {
    throw new LogUnavailable();
  });
  routes.post('/auth/half', (_request, response) => void response.write('{"half":'));
  routes.post('/auth/register', (_request, response) => {
    response.write('{"half":');
    throw new Error('too late');
  });
  return routes;
};

const start = async (options: Partial<HostOptions> = {}): Promise<void> => {
  const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } });
  const app = createHost({
    api: hostedApi,
    routers: [router()],
    publicUrl: 'https://id.example.org',
    problems: { 'stale-revision': [412, 'It was changed meanwhile'] },
    log,
    trustedProxies: [],
    corsOrigins: ['https://app.example.org'],
    readiness: async () => ({ ...readiness, ready: readiness.ready }),
    jwks: () => ({ keys: [] }),
    ...options,
  });
  listening = await listen(app, { host: '127.0.0.1', port: 0, publicUrl: 'https://id.example.org', log });
};

const call = (path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`http://127.0.0.1:${listening.port}${path}`, { redirect: 'manual', ...init });

const post = (path: string, body: string | Buffer, type = 'application/json'): Promise<Response> =>
  call(path, { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers: { 'content-type': type } });

/** Sends bytes as they are and gives back all that is answered. */
const raw = (bytes: string): Promise<string> =>
  new Promise((resolve, reject) => {
    let answer = '';
    const socket = connect(listening.port, '127.0.0.1', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });

beforeEach(async () => {
  lines = [];
  held = new Promise((resolve) => {
    hold = resolve;
  });
  readiness = { ready: true, checks: { log: 'up' } };
  await start();
});

afterEach(() => listening.close());

describe('createHost', () => {
  const paths = ['/', '/health/live', '/api/v1/user', '/api/v1/users', '/nowhere', '/.well-known/jwks.json'];
  it.each(paths)('H-01 puts the security headers on every answer: %s', async (path) => {
    const { headers } = await call(path);
    expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('access-control-allow-origin')).toBeNull();
    if (path.startsWith('/api/v1')) expect(headers.get('cache-control')).toBe('no-store');
  });

  it.each([
    ['nonsense\r\n\r\n', 400, 'request-unreadable'],
    ['GET http://[x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 404, 'not-found'],
    [`GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'headers-too-large'],
    ['GET / HTTP/1.1\r\nHost: a\r\nExpect: the-best\r\nConnection: close\r\n\r\n', 417, 'expectation-failed'],
    ['GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'validation-failed'],
  ])('H-01 and H-04 hold even for what Node would refuse itself: %j', async (bytes, status, slug) => {
    const [head = '', body = ''] = (await raw(bytes)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    const usual = await call('/nowhere');
    for (const name of SECURITY_HEADERS) expect(head).toContain(`${name}: ${usual.headers.get(name)}`);
    expect(head).toContain('Content-Type: application/problem+json');
    const requestId = /X-Request-Id: (\S+)/.exec(head)?.[1];
    const type = `https://id.example.org/problems/${slug}`;
    expect(JSON.parse(body)).toMatchObject({ type, title: expect.any(String), status, requestId });
    expect(lines.some((line) => JSON.parse(line).requestId === requestId)).toBe(true);
  });

  it('H-04 answers a request whose body breaks off as that request', async () => {
    const head = 'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
    const answer = await raw(`${head}Transfer-Encoding: chunked\r\n\r\nZZ\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    const requestId = /X-Request-Id: (\S+)/.exec(answer)?.[1];
    while (lines.length === 0) await new Promise(setImmediate);
    expect(lines.map((line) => JSON.parse(line).requestId)).toEqual([requestId]);
  });

  it.each([
    ['a request answered before its body was read', 'text/plain', 'Transfer-Encoding: chunked\r\n\r\n', 'ZZ\r\n'],
    ['a request answered to its end', 'application/json', 'Content-Length: 2\r\n\r\n{}', 'ZZ\r\n\r\n'],
  ])('H-04 gives no second answer, or one that can be told from the first: %s', async (_, type, rest, junk) => {
    const socket = connect(listening.port, '127.0.0.1', () =>
      socket.write(`POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: ${type}\r\n${rest}`),
    );
    let answer = '';
    socket.on('data', (chunk) => {
      if (answer === '') socket.write(junk);
      answer += chunk;
    });
    await new Promise((resolve) => socket.on('close', resolve));
    expect(answer.match(/HTTP\/1\.1 \d+/g)).toEqual(
      type === 'text/plain' ? ['HTTP/1.1 415'] : ['HTTP/1.1 200', 'HTTP/1.1 400'],
    );
  });

  it('H-03 lets go of a client that never closes its end', async () => {
    const socket = connect({ port: listening.port, host: '127.0.0.1', allowHalfOpen: true }, () =>
      socket.write('nonsense\r\n\r\n'),
    );
    socket.resume();
    await new Promise((resolve) => socket.on('end', resolve));
    await listening.close();
    socket.destroy();
    await start();
  });

  it('H-04 writes no problem into the middle of an answer', async () => {
    const socket = connect(listening.port, '127.0.0.1', () =>
      socket.write('POST /api/v1/auth/half HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n'),
    );
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
      if (answer.includes('{"half":')) socket.write('nonsense\r\n\r\n');
    });
    await new Promise((resolve) => socket.on('close', resolve));
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it('H-01 answers listed origins only and never reflects another one', async () => {
    const from = (origin: string, method = 'GET') =>
      call('/api/v1/user', { method, headers: { origin, 'access-control-request-method': 'PUT' } });
    expect((await from('https://app.example.org')).headers.get('access-control-allow-origin')).toBe(
      'https://app.example.org',
    );
    const preflight = await from('https://app.example.org', 'OPTIONS');
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toContain('PUT');
    for (const origin of ['https://evil.example', 'null', 'https://app.example.org.evil.example']) {
      expect((await from(origin)).headers.get('access-control-allow-origin')).toBeNull();
      expect((await from(origin, 'OPTIONS')).headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  it('H-04 answers every error as one shape of problem+json that names the request', async () => {
    const answers: [Response, number, string][] = [
      [await call('/api/v1/user', { method: 'DELETE' }), 500, 'internal-error'],
      [await call('/api/v1/user', { method: 'PUT' }), 412, 'stale-revision'],
      [await call('/api/v1/users'), 503, 'dependency-unavailable'],
      [await call('/api/v1/auth/send', { method: 'POST' }), 503, 'dependency-unavailable'],
      [await call('/api/v1/nowhere'), 404, 'not-found'],
      [await call('/api/v1/users/%E0%A4%A'), 404, 'not-found'],
      [await call(`/api/v1/user?q=${'a'.repeat(5_000)}`), 414, 'uri-too-long'],
      [await post('/api/v1/auth/login', '{'), 400, 'body-unreadable'],
      [await post('/api/v1/auth/login', Buffer.from('{"password":"\xe9"}', 'latin1')), 400, 'body-unreadable'],
      [await post('/api/v1/auth/login', `"${'a'.repeat(66_000)}"`), 413, 'body-too-large'],
      [await post('/api/v1/auth/login', 'a=b', 'application/x-www-form-urlencoded'), 415, 'media-type-unsupported'],
      [await post('/api/v1/auth/login', '{}', 'text/plain'), 415, 'media-type-unsupported'],
    ];
    for (const [answer, status, slug] of answers) {
      const problem = (await answer.json()) as Record<string, unknown>;
      expect([slug, answer.status]).toEqual([slug, status]);
      expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
      const { errors, ...rest } = problem;
      expect(Object.keys(rest).sort()).toEqual(['requestId', 'status', 'title', 'type']);
      expect([slug, Array.isArray(errors)]).toEqual([slug, slug === 'body-unreadable']);
      expect(problem).toMatchObject({
        type: `https://id.example.org/problems/${slug}`,
        status,
        requestId: answer.headers.get('x-request-id'),
      });
      expect(answer.headers.has('retry-after')).toBe(status === 503);
    }
  });

  it('H-04 logs an unknown error once, without its text, and tells the caller nothing of it', async () => {
    const answer = await call('/api/v1/user', { method: 'DELETE' });
    expect(await answer.text()).not.toContain(CANARY);
    expect(lines.filter((line) => line.includes('request failed'))).toHaveLength(1);
    expect(lines.join('')).not.toContain(CANARY);
  });

  it('answers 503 when Postgres cannot be reached, with a warning that names the cause alone', async () => {
    const answer = await call('/api/v1/users/4711/suspension', { method: 'DELETE' });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    const entries = lines.map((line) => JSON.parse(line));
    expect(entries).toEqual([
      expect.objectContaining({
        msg: 'dependency unavailable',
        error: expect.objectContaining({ code: 'ECONNREFUSED' }),
      }),
      expect.objectContaining({ msg: 'request', status: 503, slug: 'dependency-unavailable' }),
    ]);
    expect(lines.join('')).not.toContain(CANARY);
  });

  it('does not take a caller that hangs up in its body for a lost dependency', async () => {
    const socket = connect(listening.port, '127.0.0.1');
    const head =
      'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n';
    socket.write(`${head}{"a"`, () => socket.destroy());
    while (lines.length === 0) await new Promise(setImmediate);
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['request']);
    expect(lines[0]).toContain('body-unreadable');
  });

  it('cuts an answer that fails half-way, so that nobody takes it for a whole one', async () => {
    await expect(call('/api/v1/auth/register', { method: 'POST' }).then((answer) => answer.text())).rejects.toThrow();
    expect(lines.filter((line) => line.includes('request failed'))).toHaveLength(1);
  });

  it('answers 405 with Allow for a known path, TRACE included, and 204 for its OPTIONS', async () => {
    const refused = await call('/api/v1/auth/login', { method: 'PUT' });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    expect((await call('/health/live', { method: 'POST' })).headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    expect(await raw('TRACE /api/v1/user HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1.1 405 /);
    const options = await call('/api/v1/users/4711/suspension', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'POST, DELETE, OPTIONS']);
    expect((await call('/api/v1/user', { method: 'HEAD' })).status).toBe(200);
    const used = await call('/api/v1/auth/refresh', { method: 'HEAD' });
    expect([used.status, used.headers.get('allow')]).toEqual([405, 'POST, GET, OPTIONS']);
  });

  it('I-01 refuses NUL, lone surrogates and deep nesting, naming the field alone', async () => {
    const nested = `${'['.repeat(30)}1${']'.repeat(30)}`;
    const bodies: [string, string][] = [
      [`{"password":"${CANARY}\\u0000"}`, 'password'],
      [`{"name":"${CANARY}\\ud800"}`, 'name'],
      [`{"deep":${nested}}`, 'deep'],
      [`{"n":1e400}`, 'n'],
      [`{"${CANARY}\\u0000":1}`, 'body'],
      [`{"${'['.repeat(40)}":"\\u0000"}`, 'body'],
      ...[`"${CANARY}"`, '5', 'null', `{"${CANARY}`].map((body): [string, string] => [body, 'body']),
    ];
    for (const [body, field] of bodies) {
      const answer = await post('/api/v1/auth/login', body);
      const text = await answer.text();
      expect(answer.status).toBe(400);
      expect(text).not.toContain(CANARY);
      expect(JSON.parse(text).errors).toEqual([{ field, message: expect.any(String) }]);
    }
    expect(lines.join('')).not.toContain(CANARY);
  });

  it('I-01 takes a deep but bounded body of one piece without harm', async () => {
    expect((await post('/api/v1/auth/login', `${'['.repeat(30_000)}${']'.repeat(30_000)}`)).status).toBe(400);
  });

  it('I-03 refuses what two readers could read differently', async () => {
    for (const [path, field] of [
      ['/api/v1/user?limit=1&limit=2', 'limit'],
      ['/api/v1/user?id[]=1', 'query'],
      ['/api/v1/user?a[b]=1', 'query'],
      ['/api/v1/user?x=%00', 'query'],
      ['/api/v1/user?x=a?%00', 'query'],
      ['/api/v1/users/%00', 'path'],
      ['/api/v1/users/%00?x=1', 'path'],
    ] as const) {
      const answer = await call(path);
      const { errors } = (await answer.json()) as Problem;
      expect([path, answer.status, errors?.[0]?.field]).toEqual([path, 400, field]);
    }
    const twice = (header: string) =>
      raw(`GET /api/v1/user HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${header}: a\r\n${header}: b\r\n\r\n`);
    for (const header of ['If-Match', 'Idempotency-Key', 'X-Consistency-Token']) {
      const answer = await twice(header.toLowerCase());
      expect(answer).toMatch(/^HTTP\/1.1 400 /);
      expect(answer).toContain(`"field":"${header}"`);
    }
    expect(await twice('Authorization')).toMatch(/^HTTP\/1.1 401 /);
  });

  it('takes a form only where a page posts one', async () => {
    const answer = await post('/api/v1/auth/confirm', 'token=t&password=p+w', 'application/x-www-form-urlencoded');
    expect(await answer.json()).toEqual({ body: { token: 't', password: 'p w' } });
  });

  it('leaves the body away where none was sent', async () => {
    expect(await (await call('/api/v1/auth/login', { method: 'POST' })).json()).toEqual({ body: null });
  });

  it('keeps a correlation id of UUID form and replaces any other', async () => {
    const id = '0199C0DE-0000-4000-8000-000000000001';
    const kept = await call('/api/v1/user', { headers: { 'x-correlation-id': id } });
    expect(kept.headers.get('x-correlation-id')).toBe(id.toLowerCase());
    const replaced = await call('/api/v1/user', { headers: { 'x-correlation-id': CANARY } });
    expect(replaced.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(lines.join('')).not.toContain(CANARY);
  });

  it('R-03 believes X-Forwarded-For only from a trusted proxy, and there only its last word', async () => {
    const ip = async () =>
      (
        (await (await call('/api/v1/user', { headers: { 'x-forwarded-for': '1.1.1.1, 2.2.2.2' } })).json()) as {
          source: { ip: string };
        }
      ).source.ip;
    expect(await ip()).toBe('127.0.0.1');
    await listening.close();
    await start({ trustedProxies: ['127.0.0.0/8'] });
    expect(await ip()).toBe('2.2.2.2');
  });

  it('L-02 logs the template of the route, never the URL, its query or headers', async () => {
    await call(`/api/v1/auth/confirm?token=${CANARY}`, { headers: { cookie: CANARY, authorization: CANARY } });
    await call(`/api/v1/user?token=${CANARY}`, { headers: { 'user-agent': CANARY } });
    await call('/api/v1/user', { method: 'PUT' });
    await call('/health/live');
    const requests = lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');
    expect(requests.map(({ route }) => route)).toEqual(['none', '/api/v1/user', '/api/v1/user', '/health/live']);
    expect(lines.join('')).not.toContain(CANARY);
  });

  it('tells health, its own address book and the public keys', async () => {
    expect(await (await call('/')).json()).toMatchObject({ docs: '/apidocs/' });
    expect(await (await call('/health/live')).json()).toEqual({ status: 'live' });
    expect(await (await call('/.well-known/jwks.json')).json()).toEqual({ keys: [] });
    expect((await call('/health/ready')).status).toBe(200);
    readiness = { ready: false, checks: { log: 'down' } };
    const answer = await call('/health/ready');
    expect([answer.status, await answer.json()]).toEqual([503, { status: 'not-ready', checks: { log: 'down' } }]);
    readiness = undefined as never;
    expect(await (await call('/health/ready')).json()).toMatchObject({ status: 'not-ready' });
  });
});

describe('listen', () => {
  it('F-32 finishes the answers under way, on connections kept alive too, and takes no more', async () => {
    const agent = new Agent({ keepAlive: true });
    const asked = httpRequest({ port: listening.port, path: '/api/v1/users/1', agent });
    const answered = new Promise<IncomingMessage>((resolve) =>
      asked.on('response', (answer) => resolve(answer.resume())),
    );
    asked.end();
    await held;
    const closed = listening.close();
    release();
    const { statusCode, headers } = await answered;
    expect([statusCode, headers.connection]).toEqual([200, 'close']);
    await closed;
    await expect(call('/')).rejects.toThrow();
    agent.destroy();
  });

  it('F-32 turns readiness red while it is closing', async () => {
    const app = express().use(
      probes(
        async () => ({ ready: true, checks: {} }),
        () => true,
      ),
    );
    const stopping = await listen(app, { host: '127.0.0.1', port: 0 });
    const answer = await fetch(`http://127.0.0.1:${stopping.port}/health/ready`);
    expect([answer.status, await answer.json()]).toEqual([503, { status: 'stopping', checks: {} }]);
    await stopping.close();
  });

  it('says in one sentence that the port is taken', async () => {
    const taken = listen(createHostForPort(), { host: '127.0.0.1', port: listening.port });
    await expect(taken).rejects.toThrow(`Port ${listening.port} of 127.0.0.1 is taken by another program.`);
  });
});

const createHostForPort = () => Router() as never;
