import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestHost, type TestHost } from '../../../test/testHost.js';
import { StartRefused } from '../../startRefused.js';
import { apiDocs } from './apiDocs.js';

let folder: string;
let host: TestHost;
/** Reads the body, so that the connection is idle when the host closes. */
const get = async (path: string) => {
  const answer = await host.call(path);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-docs-'));
  const openApi = join(folder, 'openapi.json');
  await writeFile(openApi, '{"openapi":"3.1.1"}');
  host = await startTestHost({ openApi });
});

afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('apiDocs', () => {
  it('serves the built document', async () => {
    const answer = await get('/openapi.json');
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, { openapi: '3.1.1' }]);
    expect(answer.headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
  });

  it('H-01 serves Swagger UI under a policy that allows scripts of this origin only', async () => {
    const page = await get('/apidocs/');
    const html = page.text;
    const policy = page.headers.get('content-security-policy') ?? '';
    expect([page.status, policy.includes("script-src 'self';"), policy.includes("default-src 'none'")]).toEqual([
      200,
      true,
      true,
    ]);
    expect(html).not.toMatch(/<script(?![^>]* src=)/);
    const assets = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '');
    expect(assets.length).toBeGreaterThan(3);
    for (const path of assets)
      expect([path, (await get(new URL(path, 'http://a/apidocs/').pathname)).status]).toEqual([path, 200]);
    expect((await get('/apidocs/swagger-initializer.js')).text).toContain("url: '../openapi.json'");
  });

  it('answers 416 and 412 to ranges and preconditions that a file does not meet', async () => {
    for (const [headers, status] of [
      [{ range: 'bytes=99999999-' }, 416],
      [{ range: 'bytes=9-5' }, 416],
      [{ 'if-match': '"x"' }, 412],
    ] as const) {
      const answer = await host.call('/apidocs/swagger-ui.css', { headers });
      expect([headers, answer.status]).toEqual([headers, status]);
    }
    expect(host.lines.filter((line) => line.includes('"level":"error"'))).toEqual([]);
  });

  it('redirects /apidocs to /apidocs/', async () => {
    const answer = await get('/apidocs');
    expect([answer.status, answer.headers.get('location')]).toEqual([301, '/apidocs/']);
    expect(answer.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
  });

  it('answers 404 as a problem for unknown files below /apidocs/', async () => {
    const answer = await get('/apidocs/../../etc/passwd');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
    expect((await get('/apidocs/package.json')).status).toBe(404);
  });

  it('refuses to start without a readable document and says how to build it', async () => {
    await writeFile(join(folder, 'damaged.json'), '{"openapi":');
    for (const name of ['absent.json', 'damaged.json']) {
      expect(() => apiDocs(join(folder, name), '')).toThrow(StartRefused);
      expect(() => apiDocs(join(folder, name), '')).toThrow('npm run build');
    }
  });
});
