import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { API_PREFIX, ROUTES } from '../../contracts/src/routes.js';
import { BASE_PROBLEMS } from '../kit/src/http/problem/problems.js';
import { RAW_SECURITY_HEADERS } from '../kit/src/http/securityHeaders.js';
import { behindBalancer, proxyConfig } from './proxyConfig.mjs';

const written = readFileSync(join(import.meta.dirname, 'nginx.conf'), 'utf8');

/** The map of owners. */
const ownersIn = (config: string): string => config.slice(config.indexOf(' $owner {'));

/** The lines of the map, in nginx's order: the first pattern that matches decides. */
const rulesOf = (config: string) =>
  [...ownersIn(config).matchAll(/^ {4}"~(\*?)(\S.*)" (\S+);$/gm)].map(([, star, pattern = '', owner]) => ({
    matches: new RegExp(pattern, star === '*' ? 'i' : ''),
    owner,
  }));

const ownerIn =
  (config: string) =>
  (request: string): string | undefined =>
    rulesOf(config).find(({ matches }) => matches.test(request))?.owner ??
    /^ {4}default (\S+);$/m.exec(ownersIn(config))?.[1];

const ownerOf = ownerIn(written);

describe('the configuration of the reverse proxy', () => {
  it('is up to date', () => {
    if (written !== proxyConfig(ROUTES, API_PREFIX))
      throw new Error('nginx.conf is stale: run `npm run compose:proxy`');
  });

  it.each(ROUTES)('sends $method $path to $owner', ({ method, path, owner }) => {
    const url = API_PREFIX + path.replace('{id}', '0b4a7d0e-0b5c-4a9e-8f4e-0d6c7a1b2c3d');
    expect(ownerOf(`${method.toUpperCase()} ${url}`)).toBe(owner);
    expect(ownerOf(`${method.toUpperCase()} ${url.toUpperCase()}/`)).toBe(owner);
    if (method === 'get') expect(ownerOf(`HEAD ${url}`)).toBe(owner);
  });

  it('sends the public keys to command-api and everything else to query-api', () => {
    expect(ownerOf('GET /.well-known/jwks.json')).toBe('command-api');
    for (const path of ['/', '/apidocs/', '/health/ready', '/problems/not-found', `${API_PREFIX}/unknown`]) {
      expect(ownerOf(`GET ${path}`)).toBe('query-api');
    }
    expect(ownerOf(`POST ${API_PREFIX}/users/a/b/suspension`)).toBe('query-api');
    expect(ownerOf(`POST /elsewhere${API_PREFIX}/auth/login`)).toBe('query-api');
  });

  it('divides a path by its methods only where both services serve it', () => {
    const route = (method: 'get' | 'put', path: string, owner: 'command-api' | 'query-api') => ({
      method,
      path,
      owner,
    });
    const owner = ownerIn(
      proxyConfig(
        [
          route('get', '/mixed.json', 'command-api'),
          route('put', '/mixed.json', 'query-api'),
          route('put', '/own', 'command-api'),
        ],
        '/v2',
      ),
    );
    expect(['GET', 'HEAD', 'PUT', 'OPTIONS'].map((method) => owner(`${method} /v2/mixed.json`))).toEqual([
      'command-api',
      'command-api',
      'query-api',
      'query-api',
    ]);
    expect(owner('GET /v2/mixed-json')).toBe('query-api');
    expect(owner('OPTIONS /v2/own')).toBe('command-api');
  });

  it('lets files pass to the paths that accept them, and no other large body', () => {
    const locations = [...written.matchAll(/location (?:~\* )?(\S+) \{([^}]*)\}/g)];
    const sized = locations.filter(([, , body]) => body?.includes('client_max_body_size 6m;'));
    const paths = ROUTES.filter(({ acceptsFile }) => acceptsFile).map(({ path }) => API_PREFIX + path);
    expect(paths).not.toEqual([]);
    expect(paths.map((path) => sized.some(([, pattern = '']) => new RegExp(pattern, 'i').test(path)))).toEqual(
      paths.map(() => true),
    );
    expect([sized.length, written.includes('  client_max_body_size 64k;')]).toEqual([paths.length, true]);
    const notices = locations.filter(([, , body]) => body?.includes('client_max_body_size 256k;'));
    expect(notices.map(([, pattern]) => pattern)).toEqual([`^${API_PREFIX}/hooks/ses/?$`]);
    for (const [, , body] of [...sized, ...notices]) expect(body).toContain('proxy_request_buffering off;');
  });

  it('F-31 lets a long answer wait in its service, not on the disk of the proxy', () => {
    expect(written).toMatch(/^ +proxy_max_temp_file_size 0;$/m);
  });

  it('R-03 replaces what the client claims about its address', () => {
    const headers = [...written.matchAll(/^ +proxy_set_header (\S+) (\S+);$/gm)].map(([, name, value]) => [
      name,
      value,
    ]);
    expect(Object.fromEntries(headers)).toMatchObject({
      'X-Forwarded-For': '$remote_addr',
      'X-Forwarded-Host': '""',
      Forwarded: '""',
    });
  });

  it('H-01 H-04 answers as the services do where none of them answers, or a body is too large', () => {
    expect(written).toMatch(
      /^ {4}error_page 500 502 504 =503 @unavailable;\n {4}error_page 503 @busy;\n {4}error_page 413 @too-large;$/m,
    );
    for (const [name, slug] of [
      ['unavailable', 'dependency-unavailable'],
      ['busy', 'busy'],
      ['too-large', 'body-too-large'],
    ] as const) {
      const [, location = ''] = written.split(`location @${name} {\n`);
      const headers = [...(location.split('return')[0]?.matchAll(/add_header (\S+) "?([^"]+?)"? always;/g) ?? [])];
      expect(headers.map(([, header, value]) => `${header}: ${value}`)).toEqual(
        expect.arrayContaining([...RAW_SECURITY_HEADERS]),
      );
      const [, answered, body] = /return (\d+) '(.*)';/.exec(location) ?? [];
      const [status, title] = BASE_PROBLEMS[slug];
      const requestId = '$problem_id';
      expect([Number(answered), JSON.parse(body ?? '')]).toEqual([
        status,
        { type: `$public_url/problems/${slug}`, title, status, requestId },
      ]);
    }
  });

  it('L-02 writes no addresses of requests to a log', () => {
    expect(written).toMatch(/^ *access_log off;$/m);
    expect(written).toMatch(/^error_log \S+ crit;$/m);
  });

  describe('behind a balancer', () => {
    const config = proxyConfig(
      ROUTES,
      API_PREFIX,
      behindBalancer('10.40.0.0/16', { 'command-api': 8081, 'query-api': 8082 }, 'https://users.example.org'),
    );

    it('divides requests as in docker-compose.yml, and differs in nothing but the place', () => {
      expect(rulesOf(config).map(String)).toEqual(rulesOf(written).map(String));
      const lines = new Set(config.split('\n'));
      const missing = written.split('\n').filter((line) => !lines.has(line));
      expect(missing).toEqual([
        "  # Docker's name server. A container that is replaced gets another address.",
        '  resolver 127.0.0.11 valid=10s ipv6=off;',
        '  # The address that the client has used stands for PUBLIC_URL, which nothing tells the proxy here.',
        '  map $http_host $public_url {',
        '    "~^[A-Za-z0-9.:\\[\\]-]+$" $scheme://$http_host;',
        '    proxy_set_header X-Forwarded-Proto $scheme;',
        ...missing.filter((line) => line.trim() === 'proxy_pass http://$owner:8080;'),
      ]);
    });

    it('R-03 takes the address that the balancer appended, and only from the balancer', () => {
      expect(config).toMatch(/^ {2}set_real_ip_from 10\.40\.0\.0\/16;\n {2}real_ip_header X-Forwarded-For;$/m);
      expect(config).not.toContain('real_ip_recursive');
    });

    it('finds each service at its port', () => {
      const upstreams = [...config.matchAll(/upstream (\S+) \{\s+server (\S+);/g)].map(([, name, server]) => [
        name,
        server,
      ]);
      expect(upstreams).toEqual([
        ['command-api', 'command-api:8081'],
        ['query-api', 'query-api:8082'],
      ]);
    });

    it('is ready when both services are', () => {
      expect(config).toMatch(
        /location = \/health\/ready \{\n\s+error_page 500 502 504 =503 @unavailable;\n\s+auth_request \/health\/command-api;\n\s+proxy_pass http:\/\/query-api;/,
      );
      expect(config).toMatch(/location = \/health\/command-api \{\n\s+internal;/);
    });
  });
});
