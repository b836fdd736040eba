import { describe, expect, it } from '@jest/globals';
import type { Request, Response } from 'express';
import { startTestHost } from '../../../test/testHost.js';
import { createLog } from '../../log.js';
import { proxyWarning } from './proxyWarning.js';
import { trustedProxies } from './trustedProxies.js';

const warningsIn = (lines: string[]): string[] => lines.filter((line) => line.includes('TRUSTED_PROXIES'));

describe('proxyWarning', () => {
  it('R-03 warns once an hour that a proxy is not listed', () => {
    const lines: string[] = [];
    const log = createLog({ service: 'test', destination: { write: (line) => void lines.push(line) } });
    let now = 0;
    const warn = proxyWarning(trustedProxies(['10.0.0.0/8']), log, '/api', () => now);
    const request = (peer: string | undefined, headers: Record<string, string>) =>
      warn(
        { headers, socket: { remoteAddress: peer }, path: '/api/v1/user' } as unknown as Request,
        {} as Response,
        () => undefined,
      );
    const forwarded = { 'x-forwarded-for': '198.51.100.1' };

    request('10.1.2.3', forwarded);
    request('192.0.2.1', {});
    expect(warningsIn(lines)).toEqual([]);
    request('192.0.2.1', forwarded);
    request(undefined, forwarded);
    now = 3_599_999;
    request('192.0.2.1', forwarded);
    expect(warningsIn(lines)).toHaveLength(1);
    now = 3_600_000;
    request('192.0.2.1', forwarded);
    expect(warningsIn(lines)).toHaveLength(2);
    expect(lines.join('')).not.toMatch(/198\.51|192\.0/);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'warn' });
  });

  it('R-03 warns that a listed proxy sends no X-Forwarded-For to the API', async () => {
    const host = await startTestHost({ trustedProxies: ['127.0.0.1'] });
    try {
      await (await host.call('/health/live')).text();
      await (await host.call('/api/v1/nothing', { headers: { 'x-forwarded-for': '198.51.100.1' } })).text();
      expect(warningsIn(host.lines)).toEqual([]);
      for (let index = 0; index < 3; index++) await (await host.call('/api/v1/nothing')).text();
      expect(warningsIn(host.lines)).toEqual([expect.stringContaining('no X-Forwarded-For of a peer')]);
    } finally {
      await host.close();
    }
  });

  it.each([
    [[], 1],
    [['127.0.0.1'], 0],
  ])('R-03 warns in the log of the host, unless the proxy is trusted: %j', async (trusted, warnings) => {
    const host = await startTestHost({ trustedProxies: trusted });
    try {
      for (let index = 0; index < 3; index++)
        await (await host.call('/health/live', { headers: { 'x-forwarded-for': '198.51.100.1' } })).text();
      expect(warningsIn(host.lines)).toHaveLength(warnings);
    } finally {
      await host.close();
    }
  });
});
