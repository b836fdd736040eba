import { connect } from 'node:net';
import { beforeAll, beforeEach, expect, it } from '@jest/globals';
import { API_PREFIX, ROUTES } from '../../contracts/src/routes.js';
import { BASE_PROBLEMS } from '../kit/src/http/problems.js';
import { RAW_SECURITY_HEADERS } from '../kit/src/http/securityHeaders.js';
import { behindBalancer, proxyConfig } from './proxyConfig.mjs';
import { describeOnNginx, startNamed, startNginx } from './test/nginxForTests.js';

const LOGIN = `${API_PREFIX}/auth/login`;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** An answer of the proxy itself, which must be a problem like those of the services. */
const problemOf = async (url: string, init?: RequestInit) => {
  const answer = await fetch(url, init);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  for (const line of RAW_SECURITY_HEADERS) {
    const [, name = '', value = ''] = /^([^:]+): (.*)$/.exec(line) ?? [];
    expect([name, answer.headers.get(name)]).toEqual([name, value]);
  }
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const problem = (await answer.json()) as { requestId: string; type: string };
  expect(problem.requestId).toMatch(UUID);
  expect(answer.headers.get('x-request-id')).toBe(problem.requestId);
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), problem };
};

/** Sends bytes that `fetch` would not, and reads until the proxy ends the connection. */
const sendRaw = async (url: string, request: string): Promise<string> => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1');
  socket.end(request);
  let answer = '';
  for await (const chunk of socket) answer += String(chunk);
  return answer;
};

const unavailable = (base: string) => {
  const [status, title] = BASE_PROBLEMS['dependency-unavailable'];
  const type = `${base}/problems/dependency-unavailable`;
  return { status, retryAfter: '1', problem: { type, title, status, requestId: expect.any(String) } };
};

describeOnNginx('the reverse proxy on nginx', () => {
  let url: string;
  let services: Record<'command-api' | 'query-api', Awaited<ReturnType<typeof startNamed>>>;

  beforeAll(async () => {
    services = { 'command-api': await startNamed('command-api'), 'query-api': await startNamed('query-api') };
    const ports = { 'command-api': services['command-api'].port, 'query-api': services['query-api'].port };
    const config = proxyConfig(ROUTES, API_PREFIX, behindBalancer('10.40.0.0/16', ports, 'https://users.example.org'));
    url = await startNginx(config.replace(/server (?:command|query)-api:/g, 'server 127.0.0.1:'));
  });

  const stop = async (...names: (keyof typeof services)[]) => {
    for (const name of names) await services[name].stop();
  };
  beforeEach(async () => {
    for (const { start, stop: end } of Object.values(services)) {
      await end();
      await start();
    }
  });

  it('sends requests to their service', async () => {
    const text = async (path: string, method: string) => (await fetch(url + path, { method })).text();
    expect(await text(LOGIN, 'POST')).toBe(`command-api POST ${LOGIN}`);
    expect(await text('/openapi.json', 'GET')).toBe('query-api GET /openapi.json');
    expect(await text('/health/ready', 'GET')).toBe('query-api GET /health/ready');
  });

  it('H-04 F-03 answers 503 as a problem while no instance of a service takes requests, and the other service works', async () => {
    await stop('command-api');
    const began = performance.now();
    expect(await problemOf(url + LOGIN, { method: 'POST' })).toEqual(unavailable('https://users.example.org'));
    expect(performance.now() - began).toBeLessThan(2_500);
    expect((await fetch(`${url}/openapi.json`)).status).toBe(200);
    await services['command-api'].start();
    expect((await fetch(url + LOGIN, { method: 'POST' })).status).toBe(200);
  });

  it.each(['command-api', 'query-api'] as const)('is not ready while %s takes no requests', async (name) => {
    await stop(name);
    expect(await problemOf(`${url}/health/ready`)).toEqual(unavailable('https://users.example.org'));
  });

  it('H-04 answers a body that no route accepts with 413 as a problem', async () => {
    const body = 'x'.repeat(2 ** 20 + 1);
    const { status, problem } = await problemOf(url + LOGIN, { method: 'POST', body });
    const [expected, title] = BASE_PROBLEMS['body-too-large'];
    expect([status, problem]).toEqual([
      expected,
      {
        type: 'https://users.example.org/problems/body-too-large',
        title,
        status: 413,
        requestId: problem.requestId,
      },
    ]);
  });

  const refusals = {
    400: 'request-unreadable',
    405: 'method-not-allowed',
    414: 'uri-too-long',
    431: 'headers-too-large',
  } as const;
  it.each([
    ['GET / HTTP/1.1\r\nHost: a b\r\n\r\n', 400],
    ['no request at all\r\n\r\n', 400],
    ['GET / HTTP/1.1\r\n\r\n', 400],
    ['TRACE / HTTP/1.1\r\nHost: a\r\n\r\n', 405],
    [`GET /?${'x'.repeat(40_000)} HTTP/1.1\r\nHost: a\r\n\r\n`, 414],
    [`GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(40_000)}\r\n\r\n`, 431],
  ] as const)('H-04 answers a request that it does not pass on as a problem: %.40j', async (request, status) => {
    const [head = '', body = ''] = (await sendRaw(url, request)).split('\r\n\r\n');
    const slug = refusals[status];
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(head).toContain('\r\nContent-Type: application/problem+json; charset=utf-8\r\n');
    for (const line of RAW_SECURITY_HEADERS) expect(head).toContain(`\r\n${line}`);
    expect(JSON.parse(body)).toEqual({
      type: `https://users.example.org/problems/${slug}`,
      ...{ title: BASE_PROBLEMS[slug][1], status, requestId: expect.stringMatching(UUID) },
    });
  });

  it('shows its own pages to nobody who asks for them', async () => {
    expect((await problemOf(`${url}/proxy-problems/uri-too-long`)).status).toBe(404);
  });

  it('H-04 F-03 answers 503 in docker-compose.yml while no container has the name of the service', async () => {
    // Here nobody answers at the address of Docker's name server.
    const composed = await startNginx(proxyConfig(ROUTES, API_PREFIX));
    const began = performance.now();
    expect(await problemOf(composed + LOGIN, { method: 'POST' })).toEqual(unavailable(composed));
    expect(performance.now() - began).toBeLessThan(2_500);
  });
});
