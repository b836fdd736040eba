import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestHost, type TestHost } from '../../../test/testHost.js';

const CANARY = 'canary-7f3a9c';

let host: TestHost;

beforeEach(async () => {
  host = await startTestHost();
});

afterEach(() => host.close());

describe('requestContext', () => {
  it('keeps a correlation id that is a UUID and replaces any other', async () => {
    const id = '0199C0DE-0000-4000-8000-000000000001';
    const kept = await host.call('/api/v1/user', { headers: { 'x-correlation-id': id } });
    expect(kept.headers.get('x-correlation-id')).toBe(id.toLowerCase());
    const replaced = await host.call('/api/v1/user', { headers: { 'x-correlation-id': CANARY } });
    expect(replaced.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(host.lines.join('')).not.toContain(CANARY);
  });

  it('R-03 takes the source from X-Forwarded-For only behind a trusted proxy, and then its last entry', async () => {
    const ip = async () => {
      const answer = await host.call('/api/v1/user', { headers: { 'x-forwarded-for': '1.1.1.1, 2.2.2.2' } });
      return ((await answer.json()) as { source: { ip: string } }).source.ip;
    };
    expect(await ip()).toBe('127.0.0.1');
    await host.close();
    host = await startTestHost({ trustedProxies: ['127.0.0.0/8'] });
    expect(await ip()).toBe('2.2.2.2');
  });
});
