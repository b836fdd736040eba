import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Problem } from '@ums/contracts/http/problem';
import { startTestHost, type TestHost } from '../../../test/testHost.js';

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

  it.each([
    ['a', 'gzip, chunked'],
    ['a', 'gzip,chunked'],
    ['a', 'chunked, chunked'],
    ['a b', 'gzip, chunked'],
    ['a\r\nHost: a', 'gzip, chunked'],
  ])(
    'I-03 refuses a request of %j with the transfer coding %s, which would not be decoded, and what follows on the connection',
    async (name, coding) => {
      const answer = await host.raw(
        `POST /api/v1/auth/login HTTP/1.1\r\nHost: ${name}\r\nContent-Type: application/json\r\n` +
          `Transfer-Encoding: ${coding}\r\n\r\n2\r\n{}\r\n0\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n`,
      );
      expect(answer.match(/HTTP\/1\.1 \d+/g)).toHaveLength(1);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain('/problems/request-unreadable');
    },
  );

  it('I-03 refuses a change under a condition that it does not evaluate', async () => {
    const headers = { 'if-none-match': '*' };
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      const answer = await host.call('/api/v1/user', { method, headers });
      const { errors } = (await answer.json()) as Problem;
      expect([method, answer.status, errors?.[0]?.field]).toEqual([method, 400, 'If-None-Match']);
    }
    expect((await host.call('/api/v1/user', { headers })).status).toBe((await host.call('/api/v1/user')).status);
  });

  it('I-03 refuses a transfer coding in HTTP/1.0, and closes the connection', async () => {
    const answer = await host.raw(
      'POST /api/v1/auth/login HTTP/1.0\r\nContent-Type: application/json\r\nConnection: keep-alive\r\n' +
        'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: a\r\n\r\n',
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('/problems/request-unreadable');
    expect(answer.match(/HTTP\/1\.1 \d/g)).toHaveLength(1);
  });

  it('I-03 refuses a repeated header behind as many others as a request may have', async () => {
    const others = 'a:b\r\n'.repeat(195);
    const answer = await host.raw(
      `GET /api/v1/user HTTP/1.1\r\nHost: a\r\nConnection: close\r\nIf-Match: *\r\n${others}If-Match: *\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"field":"If-Match"');
  });

  const withHosts = (hosts: string[], version = '1.1') =>
    host.raw(
      `GET /api/v1/user HTTP/${version}\r\n${hosts.map((name) => `Host: ${name}\r\n`).join('')}Connection: close\r\n\r\n`,
    );

  it.each([
    [['a', 'b']],
    [['a', 'a']],
    [[]],
    [['']],
    [['a b']],
    [['a/b']],
    [['a@b']],
    [['a, b']],
    [['a,b']],
    [['a?b']],
    [['ä']],
    [['%zz']],
    [['a:b']],
    [['a:65536']],
    [['a:-1']],
    [['a:80:80']],
    [['::1']],
    [['[::1']],
    [['[a]']],
    [['[127.0.0.1]']],
    [['http://a']],
  ])('I-03 refuses the Host headers %j', async (hosts) => {
    const answer = await withHosts(hosts);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"field":"Host"');
  });

  it.each([
    'a',
    'ids.example.org:443',
    'a_b:',
    '127.0.0.1:8080',
    '[::1]',
    '[2001:DB8::1]:65535',
    'xn--bcher-kva.example.',
  ])('accepts the Host header %s', async (name) => {
    expect(await withHosts([name])).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('asks for no Host header in HTTP/1.0, and for at most one', async () => {
    expect(await withHosts([], '1.0')).toMatch(/ 200 /);
    expect(await withHosts(['a', 'b'], '1.0')).toMatch(/ 400 /);
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
