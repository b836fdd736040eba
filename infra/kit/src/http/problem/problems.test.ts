import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Router } from 'express';
import { startTestHost, type TestHost } from '../../../test/testHost.js';
import { DependencyUnavailable } from '../../dependencyUnavailable.js';
import { LogUnavailable } from '../../event-log/eventLog.js';
import { Refused } from '../../refused.js';
import { noteWait } from '../../wait.js';
import type { Problems } from './problems.js';

const CANARY = 'canary-7f3a9c';

const failingRoutes = (): Router => {
  const routes = Router();
  routes.delete('/user', () => {
    throw new Error(`select ${CANARY} from host-db.internal`);
  });
  routes.delete('/users/:id/suspension', () => {
    throw Object.assign(new Error(`connect ECONNREFUSED ${CANARY}`), { code: 'ECONNREFUSED' });
  });
  const wait = { dependency: 'vault', limit: 'busy for 20 ms', waitedMs: 20.123 };
  routes.post('/auth/logout', () => {
    throw noteWait(new DependencyUnavailable('vault'), wait);
  });
  routes.post('/users/:id/erasure', () => {
    throw noteWait(new Refused('busy'), wait);
  });
  routes.post('/auth/send', () => {
    throw new LogUnavailable();
  });
  routes.post('/auth/register', (_request, response) => {
    response.write('{"half":');
    throw new Error('after the first byte');
  });
  routes.get('/users/:slug', (request) => {
    throw new Refused(request.params.slug);
  });
  routes.post('/auth/refresh', () => {
    throw new Refused('refresh-token-invalid');
  });
  return routes;
};

const PROBLEMS: Problems = {
  'stale-revision': [412, 'It was changed meanwhile'],
  'credentials-invalid': [401, 'The address or the password is wrong'],
  'refresh-token-invalid': [401, 'The refresh token is not valid'],
};

let host: TestHost;

beforeEach(async () => {
  host = await startTestHost({ problems: PROBLEMS }, failingRoutes());
});

afterEach(() => host.close());

describe('problemHandler', () => {
  it('H-04 answers every error as problem+json of one shape with the request id', async () => {
    const { call, post } = host;
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

  it.each([
    ['unauthenticated', 'Bearer x', 'Bearer error="invalid_token"'],
    ['unauthenticated', 'bearer   x', 'Bearer error="invalid_token"'],
    ['unauthenticated', undefined, 'Bearer'],
    ['unauthenticated', 'Bearer', 'Bearer'],
    ['unauthenticated', 'Basic YTpi', 'Bearer'],
    ['refresh-token-invalid', 'Bearer x', 'Bearer error="invalid_token"'],
    ['refresh-token-invalid', undefined, 'Bearer'],
    ['credentials-invalid', 'Bearer x', 'Bearer'],
    ['credentials-invalid', undefined, 'Bearer'],
    ['forbidden', 'Bearer x', null],
  ])(
    'T-01 reports a bad token only where one was sent: %s, Authorization %s',
    async (slug, authorization, challenge) => {
      const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
      const answer = await host.call(`/api/v1/users/${slug}`, { headers });
      expect(answer.headers.get('www-authenticate')).toBe(challenge);
    },
  );

  it('T-01 reports a bad token of the body', async () => {
    const answer = await host.post('/api/v1/auth/refresh', '{"refreshToken":"x"}');
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Bearer error="invalid_token"']);
  });

  it('H-04 logs an unknown error once, and neither the log nor the response has its message', async () => {
    const answer = await host.call('/api/v1/user', { method: 'DELETE' });
    expect(await answer.text()).not.toContain(CANARY);
    expect(host.lines.filter((line) => line.includes('request failed'))).toHaveLength(1);
    expect(host.lines.join('')).not.toContain(CANARY);
  });

  it('answers 503 when Postgres cannot be reached, and logs the error code as a warning', async () => {
    const answer = await host.call('/api/v1/users/4711/suspension', { method: 'DELETE' });
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '1']);
    const entries = host.lines.map((line) => JSON.parse(line));
    expect(entries).toEqual([
      expect.objectContaining({
        msg: 'dependency unavailable',
        error: expect.objectContaining({ code: 'ECONNREFUSED' }),
      }),
      expect.objectContaining({ msg: 'request', status: 503, slug: 'dependency-unavailable' }),
    ]);
    expect(host.lines.join('')).not.toContain(CANARY);
  });

  it('F-03 logs which dependency a 503 waited for, which limit ended the wait, and how long it took', async () => {
    for (const [method, path, msg, slug] of [
      ['POST', '/api/v1/auth/logout', 'dependency unavailable', 'dependency-unavailable'],
      ['POST', '/api/v1/users/4711/erasure', 'limit reached', 'busy'],
    ] as const) {
      host.lines.length = 0;
      const answer = await host.call(path, { method });
      expect(answer.status).toBe(503);
      const requestId = answer.headers.get('x-request-id');
      expect(host.lines.map((line) => JSON.parse(line))).toEqual([
        expect.objectContaining({ msg, requestId, dependency: 'vault', reason: 'busy for 20 ms', waitMs: 20.1 }),
        expect.objectContaining({ msg: 'request', status: 503, slug }),
      ]);
    }
  });

  it('F-03 logs a 503 of which no wait is known', async () => {
    expect((await host.call('/api/v1/users/busy')).status).toBe(503);
    expect(host.lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ level: 'warn', msg: 'limit reached', slug: 'busy' }),
      expect.objectContaining({ msg: 'request', status: 503, slug: 'busy' }),
    ]);
  });

  it('does not report a dependency as down when the client disconnects while sending its body', async () => {
    const socket = connect(host.port, '127.0.0.1');
    const head =
      'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n';
    socket.write(`${head}{"a"`, () => socket.destroy());
    while (host.lines.length === 0) await new Promise(setImmediate);
    expect(host.lines.map((line) => JSON.parse(line).msg)).toEqual(['request']);
    expect(host.lines[0]).toContain('body-unreadable');
  });

  it('closes the connection when a response fails after its first byte, so that it does not look complete', async () => {
    const answered = host.call('/api/v1/auth/register', { method: 'POST' });
    await expect(answered.then((answer) => answer.text())).rejects.toThrow();
    expect(host.lines.filter((line) => line.includes('request failed'))).toHaveLength(1);
  });
});
