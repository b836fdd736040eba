import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestHost, type TestHost } from '../../../test/testHost.js';

let host: TestHost;

beforeEach(async () => {
  host = await startTestHost();
});

afterEach(() => host.close());

describe('allowedMethods', () => {
  it('answers 405 with Allow on a known path, also to TRACE, and 204 to OPTIONS', async () => {
    const refused = await host.call('/api/v1/auth/login', { method: 'PUT' });
    expect([refused.status, refused.headers.get('allow')]).toEqual([405, 'POST, OPTIONS']);
    expect((await host.call('/health/live', { method: 'POST' })).headers.get('allow')).toBe('GET, HEAD, OPTIONS');
    const trace = await host.raw('TRACE /api/v1/user HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(trace).toMatch(/^HTTP\/1.1 405 /);
    const options = await host.call('/api/v1/users/4711/suspension', { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, 'POST, DELETE, OPTIONS']);
    expect((await host.call('/api/v1/user', { method: 'HEAD' })).status).toBe(200);
    const consuming = await host.call('/api/v1/auth/refresh', { method: 'HEAD' });
    expect([consuming.status, consuming.headers.get('allow')]).toEqual([405, 'POST, GET, OPTIONS']);
  });
});
