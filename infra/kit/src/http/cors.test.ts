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

  it('H-01 lets scripts read headers that only answers have, and not send them', async () => {
    const headers = { origin: 'https://app.example.org', 'access-control-request-method': 'DELETE' };
    const answer = await host.call('/api/v1/user', { headers });
    expect(answer.headers.get('access-control-expose-headers')).toMatch(/\bErasure-Receipt\b/);
    const preflight = await host.call('/api/v1/user', { method: 'OPTIONS', headers });
    expect(preflight.headers.get('access-control-allow-headers')).toMatch(/\bX-Consistency-Token\b/);
    expect(preflight.headers.get('access-control-allow-headers')).not.toContain('Erasure-Receipt');
  });

  const request = (path: string, ...headers: string[]) => {
    const lines = ['Host: a', 'Connection: close', 'Origin: https://app.example.org', ...headers];
    return `GET ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`;
  };
  it.each([
    ['a repeated parameter', 400, request('/api/v1/users?limit=1&limit=2')],
    ['a parameter with brackets', 400, request('/api/v1/users?limit[]=1')],
    ['an encoded NUL', 400, request('/api/v1/users/%00')],
    ['a broken encoding', 404, request('/api/v1/users/%E0%A4%A')],
    ['a long URL', 414, request(`/api/v1/user?q=${'a'.repeat(5_000)}`)],
    ['an URL that cannot be parsed', 404, request('http://[x')],
    ['a repeated header', 400, request('/api/v1/user', 'If-Match: "1"', 'If-Match: "2"')],
    ['two Authorization headers', 401, request('/api/v1/user', 'Authorization: a', 'Authorization: b')],
    ['an odd Expect', 417, request('/api/v1/user', 'Expect: the-best')],
    ['a missing Host', 400, request('/api/v1/user').replace('Host: a\r\n', '')],
    ['an unknown path', 404, request('/nowhere')],
    ['an unsupported method', 405, request('/api/v1/user').replace('GET', 'PATCH')],
    ['a body of another type', 415, request('/api/v1/auth/login', 'Content-Length: 1').replace('GET', 'POST')],
    ['a dependency that is down', 503, request('/api/v1/users')],
  ])('H-01 lets scripts of the listed origins read the answer to %s', async (_fault, status, bytes) => {
    const answer = await host.raw(bytes);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain('Access-Control-Allow-Origin: https://app.example.org\r\n');
    expect(answer).toMatch(/Access-Control-Expose-Headers: Content-Disposition, .*X-Request-Id/);
  });

  const ASKED = 'Access-Control-Request-Method: GET\r\nAccess-Control-Request-Headers: authorization';
  const preflightOf = (path: string, ...headers: string[]) =>
    request(path, ASKED, ...headers).replace('GET', 'OPTIONS');
  it.each([
    ['a repeated parameter', '/api/v1/users?limit=1&limit=2'],
    ['a parameter with brackets', '/api/v1/users?limit[]=1'],
    ['an unknown parameter', '/api/v1/users?nothing=1'],
    ['a parameter of another type', '/api/v1/users?limit=+5'],
    ['a broken encoding in the query', '/api/v1/users?search=%zz'],
    ['an encoded NUL in the path', '/api/v1/users/%00'],
    ['an encoded NUL in the query', '/api/v1/users?search=%00'],
    ['a broken encoding', '/api/v1/users/%E0%A4%A'],
    ['a long URL', `/api/v1/user?q=${'a'.repeat(9_000)}`],
    ['an URL that cannot be parsed', 'http://[x'],
    ['an unknown path', '/nowhere'],
    ['a path with another method', '/api/v1/auth/login'],
    ['a public document with an encoded NUL', '/openapi.json?x=%00'],
  ])('H-01 answers the preflight of a request with %s, so that a browser sends the request', async (_fault, path) => {
    const answer = await host.raw(preflightOf(path));
    expect(answer).toMatch(/^HTTP\/1\.1 204 /);
    expect(answer).toMatch(/\r\nAccess-Control-Allow-Origin: (\*|https:\/\/app\.example\.org)\r\n/);
    expect(answer).toMatch(/\r\nAccess-Control-Allow-Headers: .*Authorization/);
  });

  it('H-01 lets scripts send what is refused for its method or a header, so that they can read why', async () => {
    const answer = await host.raw(preflightOf('/api/v1/user'));
    expect(answer).toMatch(/\r\nAccess-Control-Allow-Methods: .*PATCH/);
    expect(answer).toMatch(/\r\nAccess-Control-Allow-Headers: .*Content-Encoding, If-None-Match/);
  });

  it.each([
    ['a Host that is none', preflightOf('/api/v1/users').replace('Host: a', 'Host: a/b')],
    ['a doubtful length', preflightOf('/api/v1/users', 'Transfer-Encoding: gzip, chunked')],
    ['a foreign origin', preflightOf('/api/v1/users?limit[]=1').replace('app.example.org', 'evil.example')],
  ])('I-03 refuses a preflight that itself has %s', async (_fault, bytes) => {
    expect(await host.raw(bytes)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it.each(['/.well-known/jwks.json', '/.well-known/notary-keys', '/openapi.json', '/openapi.json?x=%00'])(
    'lets scripts of every origin read %s',
    async (path) => {
      const preflight = { origin: 'https://other.example', 'access-control-request-method': 'GET' };
      const requests: RequestInit[] = [
        {},
        { headers: { origin: 'https://other.example' } },
        { method: 'HEAD' },
        { method: 'OPTIONS', headers: preflight },
      ];
      for (const init of requests) {
        const { headers } = await host.call(path, init);
        expect(headers.get('access-control-allow-origin')).toBe('*');
        expect(headers.get('access-control-allow-credentials')).toBeNull();
      }
    },
  );

  it('allows reading methods only in the preflight of a public document', async () => {
    const headers = { origin: 'https://other.example', 'access-control-request-method': 'PUT' };
    const preflight = await host.call('/.well-known/jwks.json', { method: 'OPTIONS', headers });
    expect([preflight.status, preflight.headers.get('access-control-allow-methods')]).toEqual([204, 'GET, HEAD']);
  });
});
