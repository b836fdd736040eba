import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestHost, type TestHost } from '../../test/testHost.js';

let host: TestHost;

beforeEach(async () => {
  host = await startTestHost();
});

afterEach(() => host.close());

describe('cors', () => {
  it('H-01 allows the listed origins only and never reflects another one', async () => {
    const from = (origin: string, method = 'GET') =>
      host.call('/api/v1/user', { method, headers: { origin, 'access-control-request-method': 'PUT' } });
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
});
