import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestHost, type TestHost } from '../../test/testHost.js';
import { until } from '../../test/until.js';
import type { Readiness } from '../readiness.js';

let host: TestHost;
let readiness: Readiness;

beforeEach(async () => {
  readiness = { ready: true, checks: { log: 'up' } };
  host = await startTestHost({ readiness: async () => readiness });
});

afterEach(() => host.close());

describe('createHost', () => {
  const paths = ['/', '/health/live', '/api/v1/user', '/api/v1/users', '/nowhere', '/.well-known/jwks.json'];
  it.each(paths)('H-01 sends the security headers with every response: %s', async (path) => {
    const { headers } = await host.call(path);
    expect(headers.get('strict-transport-security')).toBe('max-age=63072000; includeSubDomains');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-powered-by')).toBeNull();
    const isPublic = path === '/.well-known/jwks.json';
    expect(headers.get('access-control-allow-origin')).toBe(isPublic ? '*' : null);
    if (path.startsWith('/api/v1')) expect(headers.get('cache-control')).toBe('no-store');
  });

  it('serves the links to its documents and the public keys', async () => {
    expect(await (await host.call('/')).json()).toMatchObject({ docs: '/apidocs/' });
    expect(await (await host.call('/.well-known/jwks.json')).json()).toEqual({ keys: [] });
  });

  it('serves the health probes with the readiness of the services', async () => {
    expect(await (await host.call('/health/live')).json()).toEqual({ status: 'live' });
    expect((await host.call('/health/ready')).status).toBe(200);
    readiness = { ready: false, checks: { log: 'down' } };
    await until(async () => (await host.call('/health/ready')).status === 503);
    const answer = await host.call('/health/ready');
    expect([answer.status, await answer.json()]).toEqual([503, { status: 'not-ready', checks: { log: 'down' } }]);
  });

  it('F-36 refuses requests of the API while the event loop is late, and answers probes', async () => {
    const late = await startTestHost({ eventLoopDelayMs: () => 1_001 });
    try {
      expect((await late.call('/api/v1/user')).status).toBe(503);
      expect((await late.call('/health/live')).status).toBe(200);
    } finally {
      await late.close();
    }
  });
});
