import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Problem } from '@ums/contracts/http/problem';
import { startTestHost, type TestHost } from '../../test/testHost.js';

let host: TestHost;

beforeEach(async () => {
  host = await startTestHost();
});

afterEach(() => host.close());

describe('checkRequest', () => {
  it.each([
    ['/api/v1/user?limit=1&limit=2', 'limit'],
    ['/api/v1/user?id[]=1', 'query'],
    ['/api/v1/user?a[b]=1', 'query'],
    ['/api/v1/user?x=%00', 'query'],
    ['/api/v1/user?x=a?%00', 'query'],
    ['/api/v1/users/%00', 'path'],
    ['/api/v1/users/%00?x=1', 'path'],
  ])('I-03 refuses %s, which two parsers could interpret differently', async (path, field) => {
    const answer = await host.call(path);
    const { errors } = (await answer.json()) as Problem;
    expect([answer.status, errors?.[0]?.field]).toEqual([400, field]);
  });

  it('I-03 refuses a header that was sent twice', async () => {
    const sendTwice = (header: string) =>
      host.raw(`GET /api/v1/user HTTP/1.1\r\nHost: a\r\nConnection: close\r\n${header}: a\r\n${header}: b\r\n\r\n`);
    for (const header of ['If-Match', 'Idempotency-Key', 'X-Consistency-Token']) {
      const answer = await sendTwice(header.toLowerCase());
      expect(answer).toMatch(/^HTTP\/1.1 400 /);
      expect(answer).toContain(`"field":"${header}"`);
    }
    expect(await sendTwice('Authorization')).toMatch(/^HTTP\/1.1 401 /);
  });
});
