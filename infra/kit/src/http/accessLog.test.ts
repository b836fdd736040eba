import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestHost, type TestHost } from '../../test/testHost.js';

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
});
