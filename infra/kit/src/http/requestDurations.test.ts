import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Router } from 'express';
import { startTestHost, type TestHost } from '../../test/testHost.js';
import { until } from '../../test/until.js';
import { metricsText } from '../metrics.js';

let host: TestHost;
/** Requests that the route without a response has received. */
let unanswered = 0;

beforeEach(async () => {
  const routes = Router();
  routes.get('/users/:id', (_request, response) => void response.json({}));
  routes.post('/auth/refresh', () => {
    unanswered += 1;
  });
  host = await startTestHost({}, routes);
});

afterEach(() => host.close());

const NAME = 'http_server_request_duration_seconds';

/** Numbers of requests by `route method status`. */
const counts = async (): Promise<Record<string, number>> => {
  const { text } = await metricsText();
  const labels = 'http_route="(.+)",http_request_method="(.+)",http_response_status_code="(.+)"';
  const lines = text.matchAll(new RegExp(`^${NAME}_count{${labels}} (\\d+)$`, 'gm'));
  return Object.fromEntries(
    [...lines].map(([, route, method, status, count]) => [`${route} ${method} ${status}`, Number(count)]),
  );
};

/** How many requests were counted in addition to those before. */
const countedBy = async (work: () => Promise<unknown>, expected: Record<string, number>): Promise<void> => {
  const before = await counts();
  await work();
  const added = async () => {
    const now = Object.entries(await counts()).map(([key, count]) => [key, count - (before[key] ?? 0)] as const);
    return Object.fromEntries(now.filter(([, count]) => count > 0));
  };
  await until(
    async () =>
      JSON.stringify(Object.entries(await added()).sort()) === JSON.stringify(Object.entries(expected).sort()),
  );
};

describe('the durations of requests', () => {
  it('L-03 are counted by template of the route, method and status', async () => {
    await countedBy(
      async () => {
        for (const id of ['1', '2', 'canary-1d3f']) await host.call(`/api/v1/users/${id}?token=canary-1d3f`);
        await host.call('/api/v1/user', { method: 'PUT' });
        await host.call('/api/v1/users');
        await host.call('/health/live');
      },
      {
        '/api/v1/users/:id GET 200': 3,
        '/api/v1/user PUT 412': 1,
        '/api/v1/users GET 503': 1,
        '/health/live GET 200': 1,
      },
    );
    expect((await metricsText()).text).not.toContain('canary');
  });

  it('L-03 have one route for all paths without a route, and one method for all unusual methods', async () => {
    await countedBy(
      async () => {
        for (const path of ['/canary-77b1', '/api/v1/canary-77b1', '/api/v1/canary-77b1?a=b']) await host.call(path);
        await host.call('/canary-77b1', { method: 'PROPFIND' });
        await host.call('/api/v1/users', { method: 'PATCH' });
      },
      { 'none GET 404': 3, 'none _OTHER 404': 1, 'none PATCH 405': 1 },
    );
    expect((await metricsText()).text).not.toContain('canary');
  });

  it('count a request as 499 when its client leaves before the response', async () => {
    const before = unanswered;
    await countedBy(
      async () => {
        const socket = connect(host.port, '127.0.0.1');
        socket.write('POST /api/v1/auth/refresh HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n');
        await until(() => unanswered > before);
        socket.destroy();
      },
      { '/api/v1/auth/refresh POST 499': 1 },
    );
  });
});
