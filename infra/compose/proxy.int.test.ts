import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, beforeEach, expect, it } from '@jest/globals';
import { API_PREFIX, ROUTES } from '../../contracts/src/routes.js';
import { atEndOfFile } from '../engines/test/atEndOfFile.js';
import { BASE_PROBLEMS } from '../kit/src/http/problem/problems.js';
import { RAW_SECURITY_HEADERS } from '../kit/src/http/securityHeaders.js';
import { whileAwake } from '../kit/test/awakeTime.js';
import { until } from '../kit/test/until.js';
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

/** Sends the headers of a request, and of its body the beginning. */
const sendSlowly = (url: string, address: string): Socket => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  socket.write(`POST ${LOGIN} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${address}\r\nContent-Length: 10\r\n\r\nx`);
  return socket;
};

/** Sends a body in 40 pieces, and reads only then. @returns the answer, or the error */
const sendAllSlowly = async (url: string): Promise<{ answer: string; longestPauseMs: number }> => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').pause();
  const failed = once(socket, 'error').then(([error]) => String(error));
  const [piece, pieces] = ['x'.repeat(10_000), 40];
  socket.write(`POST ${LOGIN} HTTP/1.1\r\nHost: a\r\nContent-Length: ${piece.length * pieces}\r\n\r\n`);
  let longestPauseMs = 0;
  for (let sent = 0; sent < pieces && !socket.destroyed; sent += 1) {
    const begun = performance.now();
    socket.write(piece);
    await Promise.race([sleep(100), failed]);
    longestPauseMs = Math.max(longestPauseMs, performance.now() - begun);
  }
  const answered = once(socket.resume(), 'data').then(([data]) => String(data));
  const answer = await Promise.race([answered, failed]);
  answered.catch(() => undefined);
  socket.destroy();
  return { answer, longestPauseMs };
};

/** Sends a request, and reads nothing. */
const askAs = (url: string, path: string, address: string): Socket => {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).on('error', () => undefined);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: ${address}\r\n\r\n`);
  return socket;
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

  it('passes on a request of HTTP/1.0 without a host, as health checks of balancers send it', async () => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.write('GET /health/ready HTTP/1.0\r\n\r\n');
    let answer = '';
    for await (const chunk of socket) answer += String(chunk);
    expect(answer).toMatch(/^HTTP\/1\.1 200 [\s\S]*query-api GET \/health\/ready$/);
  });

  it('H-04 F-03 answers 503 as a problem while no instance of a service takes requests, and the other service works', async () => {
    await stop('command-api');
    const { result, tookMs } = await whileAwake(() => problemOf(url + LOGIN, { method: 'POST' }));
    expect(result).toEqual(unavailable('https://users.example.org'));
    expect(tookMs).toBeLessThan(2_500);
    expect((await fetch(`${url}/openapi.json`)).status).toBe(200);
    await services['command-api'].start();
    expect((await fetch(url + LOGIN, { method: 'POST' })).status).toBe(200);
  });

  it.each(['command-api', 'query-api'] as const)('is not ready while %s takes no requests', async (name) => {
    await stop(name);
    expect(await problemOf(`${url}/health/ready`)).toEqual(unavailable('https://users.example.org'));
  });

  it('H-04 answers a body that no route accepts with 413 as a problem', async () => {
    const body = 'x'.repeat(2 ** 16 + 1);
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

  it('H-04 answers 413 to a client that reads only when it has sent all of a slow body', async () => {
    let sent = await sendAllSlowly(url);
    // The proxy waits a second for the next piece, and a busy machine may stop the test for longer.
    while (sent.longestPauseMs > 700) sent = await sendAllSlowly(url);
    expect(sent.answer).toMatch(/^HTTP\/1\.1 413 /);
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
    ['GET / HTTP/4.0\r\nHost: a\r\n\r\n', 400],
    ['POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n', 400],
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

  it.each([
    ['an address', () => '192.0.2.1', '192.0.2.2'],
    ['an IPv6 network', (index: number) => `2001:db8:1:2::${index.toString(16)}`, '2001:db8:1:3::1'],
    ['an IPv6 network with zeros', (index: number) => `2001:db8::${index.toString(16)}:2:3:4`, '2001:db9::1'],
  ])('H-03 leaves connections to others while %s sends slowly', async (_source, addressOf, other) => {
    const ports = { 'command-api': services['command-api'].port, 'query-api': services['query-api'].port };
    const config = proxyConfig(ROUTES, API_PREFIX, behindBalancer('127.0.0.0/8', ports, 'https://users.example.org'));
    const proxy = await startNginx(config.replace(/server (?:command|query)-api:/g, 'server 127.0.0.1:'));
    const from = (address: string) => ({ method: 'POST', headers: { 'x-forwarded-for': address } });
    const sockets = Array.from({ length: 100 }, (_, index) => sendSlowly(proxy, addressOf(index + 1)));
    await until(async () => (await fetch(proxy + LOGIN, from(addressOf(200)))).status === 503);
    const { status, retryAfter, problem } = await problemOf(proxy + LOGIN, from(addressOf(201)));
    const [expected, title] = BASE_PROBLEMS.busy;
    const type = 'https://users.example.org/problems/busy';
    expect([status, retryAfter, problem]).toEqual([
      ...[expected, '5'],
      { type, title, status, requestId: expect.any(String) },
    ]);
    expect((await fetch(proxy + LOGIN, from(other))).status).toBe(200);
    for (const socket of sockets) socket.destroy();
    await until(async () => (await fetch(proxy + LOGIN, from(addressOf(202)))).status === 200);
  });

  it('H-03 leaves connections to others while 12 sources have as many requests waiting in a service as they may', async () => {
    let waiting = 0;
    const service = createServer((request, response) => {
      if (request.url !== `${API_PREFIX}/user`) response.end('answered');
      else waiting += 1;
    });
    await new Promise<void>((resolve) => void service.listen(0, '127.0.0.1', resolve));
    atEndOfFile(async () => {
      service.closeAllConnections();
      service.close();
    });
    const { port } = service.address() as AddressInfo;
    const places = behindBalancer(
      '127.0.0.0/8',
      { 'command-api': port, 'query-api': port },
      'https://users.example.org',
    );
    const proxy = await startNginx(
      proxyConfig(ROUTES, API_PREFIX, places).replace(/server (?:command|query)-api:/g, 'server 127.0.0.1:'),
    );
    // One source after another: the queue of connections that wait for this process to accept them holds 511. The kernel drops
    // what comes beyond, and the proxy gives up a connection after two seconds.
    const sockets: Socket[] = [];
    for (let source = 1; source <= 12; source += 1) {
      for (let request = 0; request < 100; request += 1)
        sockets.push(askAs(proxy, `${API_PREFIX}/user`, `192.0.2.${source}`));
      await until(() => waiting === sockets.length);
    }
    expect((await fetch(proxy + LOGIN, { headers: { 'x-forwarded-for': '198.51.100.1' } })).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  it('H-03 counts the networks of a site together, so that one host with many of them does not take all connections', async () => {
    const ports = { 'command-api': services['command-api'].port, 'query-api': services['query-api'].port };
    const config = proxyConfig(ROUTES, API_PREFIX, behindBalancer('127.0.0.0/8', ports, 'https://users.example.org'));
    const proxy = await startNginx(config.replace(/server (?:command|query)-api:/g, 'server 127.0.0.1:'));
    const from = (address: string) => ({ method: 'POST', headers: { 'x-forwarded-for': address } });
    const sockets = Array.from({ length: 300 }, (_, index) => sendSlowly(proxy, `2001:db8:1:${index.toString(16)}::1`));
    await until(async () => (await fetch(proxy + LOGIN, from('2001:db8:1:ffff::1'))).status === 503);
    expect((await fetch(proxy + LOGIN, from('2001:db8:2::1'))).status).toBe(200);
    expect((await fetch(proxy + LOGIN, from('192.0.2.1'))).status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  it('H-04 F-03 answers 503 in docker-compose.yml while no container has the name of the service', async () => {
    // Here nobody answers at the address of Docker's name server.
    const composed = await startNginx(proxyConfig(ROUTES, API_PREFIX));
    const { result, tookMs } = await whileAwake(() => problemOf(composed + LOGIN, { method: 'POST' }));
    expect(result).toEqual(unavailable(composed));
    expect(tookMs).toBeLessThan(2_500);
  });
});
