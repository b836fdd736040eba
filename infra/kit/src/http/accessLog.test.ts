import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Router } from 'express';
import { startTestHost, type TestHost } from '../../test/testHost.js';
import { until } from '../../test/until.js';

let host: TestHost;

beforeEach(async () => {
  host = await startTestHost();
});

afterEach(() => host.close());

describe('accessLog', () => {
  it('L-02 logs the template of the route, never the URL, its query or headers', async () => {
    const canary = 'canary-7f3a9c';
    await host.call(`/api/v1/auth/confirm?token=${canary}`, { headers: { cookie: canary, authorization: canary } });
    await host.call(`/api/v1/user?token=${canary}`, { headers: { 'user-agent': canary } });
    await host.call('/api/v1/user', { method: 'PUT' });
    await host.call('/health/live');
    const requests = host.lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');
    expect(requests.map(({ route }) => route)).toEqual(['none', '/api/v1/user', '/api/v1/user', '/health/live']);
    expect(host.lines.join('')).not.toContain(canary);
  });

  it('L-01 leaves a line for each request that was begun when its connection ended', async () => {
    const received: string[] = [];
    const routes = Router().get('/audit/events', ({ url }) => void received.push(url));
    const other = await startTestHost({}, routes);
    const paths = ['/api/v1/user', '/api/v1/audit/events', '/api/v1/user'];
    const socket = connect(other.port, '127.0.0.1');
    socket.write(paths.map((path) => `GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`).join(''));
    await until(() => received.length === 1);
    socket.destroy();
    const requests = () => other.lines.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'request');
    await until(() => requests().length >= 2);
    await other.close();
    const outcomes = ['completed', 'aborted'];
    expect(requests().map(({ route, outcome }) => [route, outcome])).toEqual(
      outcomes.map((outcome, at) => [paths[at], outcome]),
    );
  });

  it('L-01 takes the answer to a client that has left within its body for none', async () => {
    const socket = connect(host.port, '127.0.0.1');
    socket.write(
      'POST /api/v1/auth/login HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
    );
    await host.call('/health/live');
    socket.destroy();
    const requests = () => host.lines.map((text) => JSON.parse(text)).filter(({ route }) => route === 'none');
    await until(() => requests().length === 1);
    const [line] = requests();
    expect(line).toMatchObject({ outcome: 'aborted', slug: 'body-unreadable' });
  });
});
