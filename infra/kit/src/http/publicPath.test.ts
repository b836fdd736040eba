import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startPrefixProxy } from '../../test/prefixProxy.js';
import { startTestHost, type TestHost } from '../../test/testHost.js';

const PATH = '/ids/users';

let folder: string;
let host: TestHost;
let proxy: Awaited<ReturnType<typeof startPrefixProxy>>;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-path-'));
  const openApi = join(folder, 'openapi.json');
  await writeFile(openApi, JSON.stringify({ openapi: '3.1.1', servers: [{ url: '/api/v1' }] }));
  const page = join(folder, 'asyncapi.html');
  await writeFile(page, '<!doctype html>');
  host = await startTestHost({
    openApi,
    asyncApi: { document: openApi, page },
    publicUrl: `https://id.example.org${PATH}`,
  });
  proxy = await startPrefixProxy(PATH, host.port);
});

afterEach(async () => {
  await proxy.close();
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

/** Follows a link from a page below the proxy, as a browser resolves it. */
const follow = async (link: string, from: string) => {
  const response = await fetch(new URL(link, new URL(from, proxy.origin)), { redirect: 'manual' });
  return { status: response.status, headers: response.headers, text: await response.text() };
};

describe('a public URL with a path, behind a proxy that removes the path', () => {
  it('precedes the links at the root', async () => {
    const { text } = await follow(`${PATH}/`, '/');
    const { service, ...links } = JSON.parse(text);
    expect([service, Object.keys(links).sort()]).toEqual([
      'user-management',
      ['asyncapi', 'docs', 'health', 'jwks', 'messages', 'notaryKeys', 'openapi'],
    ]);
    for (const link of Object.values<string>(links))
      expect([link, (await follow(link, `${PATH}/`)).status]).toEqual([link, 200]);
  });

  it('precedes the redirect to the documentation and the URL of the document that it loads', async () => {
    const redirect = await follow('apidocs', `${PATH}/`);
    const page = redirect.headers.get('location') ?? '';
    expect([redirect.status, page]).toEqual([301, `${PATH}/apidocs/`]);
    const initializer = await follow('swagger-initializer.js', page);
    const url = /url: '([^']+)'/.exec(initializer.text)?.[1] ?? '';
    const document = await follow(url, page);
    expect([document.status, JSON.parse(document.text).openapi]).toEqual([200, '3.1.1']);
  });

  it('precedes the redirect to the documentation of messages', async () => {
    const redirect = await follow('asyncapi', `${PATH}/`);
    expect([redirect.status, redirect.headers.get('location')]).toEqual([301, `${PATH}/asyncapi/`]);
  });

  it('precedes the servers of the OpenAPI document', async () => {
    const { servers } = JSON.parse((await follow(`${PATH}/openapi.json`, '/')).text);
    expect(servers).toEqual([{ url: `${PATH}/api/v1` }]);
    expect((await follow(`${servers[0].url}/user`, '/')).status).toBe(200);
  });

  it('precedes the type on the page of a problem', async () => {
    const { type, status } = JSON.parse((await follow(`${PATH}/problems/stale-revision`, '/')).text);
    expect([type, status]).toEqual([`https://id.example.org${PATH}/problems/stale-revision`, 412]);
  });

  it('E-07 precedes the types of problems, also of requests that are no HTTP', async () => {
    const problems = [
      (await follow(`${PATH}/api/v1/nowhere`, '/')).text,
      (await host.raw('nonsense\r\n\r\n')).split('\r\n\r\n')[1],
    ];
    expect(problems.map((problem) => JSON.parse(problem ?? '').type)).toEqual([
      `https://id.example.org${PATH}/problems/not-found`,
      `https://id.example.org${PATH}/problems/request-unreadable`,
    ]);
  });
});
