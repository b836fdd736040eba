import type { Server } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Router } from 'express';
import { startTestHost, type TestHost } from '../../test/testHost.js';
import { until } from '../../test/until.js';

const SECURITY_HEADERS = [
  'Strict-Transport-Security',
  'Content-Security-Policy',
  'Referrer-Policy',
  'X-Content-Type-Options',
  'X-Frame-Options',
];

let host: TestHost;
/** Answer the requests to `/auth/later`. */
let answers: (() => void)[];

beforeEach(async () => {
  answers = [];
  const routes = Router();
  routes.post('/auth/later', (_request, response) => {
    answers.push(() => void response.json({ done: true }));
  });
  routes.post('/auth/half', ({ socket }, response) => {
    response.write('{"half":');
    // Ends only when the junk has been met.
    const { server } = socket as typeof socket & { server: Server };
    server.once('clientError', () => setImmediate(() => response.end('true}')));
  });
  host = await startTestHost({}, routes);
});

afterEach(() => host.close());

/** Sends a request, then `junk` once the received bytes contain `marker`. Resolves with all bytes received. */
const sendJunkAfter = async (request: string, marker: string, junk: string): Promise<string> => {
  const socket = connect(host.port, '127.0.0.1', () => socket.write(request));
  let received = '';
  let sent = false;
  socket.on('data', (chunk) => {
    received += chunk;
    if (sent || !received.includes(marker)) return;
    sent = true;
    socket.write(junk);
  });
  await new Promise((resolve) => socket.on('close', resolve));
  return received;
};

describe('answerClientError', () => {
  it.each([
    ['nonsense\r\n\r\n', 400, 'request-unreadable'],
    ['GET http://[x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n', 404, 'not-found'],
    [`GET / HTTP/1.1\r\nHost: a\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'headers-too-large'],
    ['GET / HTTP/1.1\r\nHost: a\r\nExpect: the-best\r\nConnection: close\r\n\r\n', 417, 'expectation-failed'],
    ['GET / HTTP/1.1\r\nConnection: close\r\n\r\n', 400, 'validation-failed'],
  ])('H-01 and H-04 hold for requests that Node would refuse by itself: %j', async (bytes, status, slug) => {
    const [head = '', body = ''] = (await host.raw(bytes)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    const usual = await host.call('/nowhere');
    for (const name of SECURITY_HEADERS) expect(head).toContain(`${name}: ${usual.headers.get(name)}`);
    expect(head).toContain('Content-Type: application/problem+json');
    const requestId = /X-Request-Id: (\S+)/.exec(head)?.[1];
    const type = `https://id.example.org/problems/${slug}`;
    expect(JSON.parse(body)).toMatchObject({ type, title: expect.any(String), status, requestId });
    expect(host.lines.some((line) => JSON.parse(line).requestId === requestId)).toBe(true);
  });

  it('H-04 answers a request with a malformed body under the id of that request', async () => {
    const head = 'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
    const answer = await host.raw(`${head}Transfer-Encoding: chunked\r\n\r\nZZ\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    const requestId = /X-Request-Id: (\S+)/.exec(answer)?.[1];
    while (host.lines.length === 0) await new Promise(setImmediate);
    expect(host.lines.map((line) => JSON.parse(line).requestId)).toEqual([requestId]);
  });

  const login = 'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\n';

  it('H-04 sends no second response when the request was answered before its body was read', async () => {
    const request = `${login}Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n`;
    const received = await sendJunkAfter(request, 'HTTP/1.1', 'ZZ\r\n');
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 415']);
  });

  it('H-04 answers malformed input after a complete response separately', async () => {
    const request = `${login}Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}`;
    const received = await sendJunkAfter(request, 'HTTP/1.1', 'ZZ\r\n\r\n');
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
  });

  it('H-04 answers a request that was read to its end although what follows it cannot be read, then closes the connection', async () => {
    const request = 'POST /api/v1/auth/later HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n';
    const socket = connect(host.port, '127.0.0.1', () => socket.write(`${request}ZZ\r\n`));
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    const closed = new Promise((resolve) => socket.on('close', resolve));
    await until(() => answers.length === 1);
    socket.write('more\r\n');
    answers[0]?.();
    await closed;
    expect(received.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 200']);
    expect(received).toMatch(/^Connection: close\r$/m);
    expect(received).toMatch(/\{"done":true\}$/);
  });

  it('H-04 answers a body whose Content-Length is too small', async () => {
    const body = JSON.stringify({ email: 'zoë@example.org' });
    const head = `${login}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;
    expect(await host.raw(head + body)).toMatch(/^HTTP\/1\.1 400 [\s\S]*body-unreadable/);
  });

  it('H-04 finishes a response that has begun, writes no problem into it, and closes the connection', async () => {
    const request = 'POST /api/v1/auth/half HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n';
    const received = await sendJunkAfter(request, '{"half":', 'nonsense\r\n\r\n');
    expect(received).toMatch(/^HTTP\/1\.1 200 [\s\S]*\{"half":[\s\S]*true\}[^{]*$/);
  });

  it('H-03 destroys the connection of a client that never closes its side', async () => {
    const socket = connect({ port: host.port, host: '127.0.0.1', allowHalfOpen: true }, () =>
      socket.write('nonsense\r\n\r\n'),
    );
    socket.resume();
    await new Promise((resolve) => socket.on('end', resolve));
    await host.close();
    socket.destroy();
  });
});
