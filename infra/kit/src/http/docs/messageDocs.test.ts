import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contractPage } from '../../../../asyncapi/contractPage.mjs';
import { startTestHost, type TestHost } from '../../../test/testHost.js';
import { StartRefused } from '../../startRefused.js';
import { messageDocs } from './messageDocs.js';

const DOCUMENT = join(import.meta.dirname, '../../../../../contracts/public/asyncapi.json');

let folder: string;
let host: TestHost;
/** Reads the body, so that the connection is idle when the host closes. */
const get = async (path: string) => {
  const answer = await host.call(path);
  return { status: answer.status, headers: answer.headers, text: await answer.text() };
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-docs-'));
  const page = join(folder, 'asyncapi.html');
  await writeFile(page, contractPage(JSON.parse(await readFile(DOCUMENT, 'utf8'))));
  host = await startTestHost({ asyncApi: { document: DOCUMENT, page } });
});

afterEach(async () => {
  await host.close();
  await rm(folder, { recursive: true, force: true });
});

describe('messageDocs', () => {
  it('serves the document, which scripts of every origin may read', async () => {
    const answer = await get('/asyncapi.json');
    expect([answer.status, JSON.parse(answer.text)]).toEqual([200, JSON.parse(await readFile(DOCUMENT, 'utf8'))]);
    expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });

  it('H-01 serves a page under a policy that allows its own style and nothing else', async () => {
    const { status, headers, text } = await get('/asyncapi/');
    const style = /<style>([\s\S]*?)<\/style>/.exec(text)?.[1] ?? '';
    const hash = createHash('sha256').update(style).digest('base64');
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`,
    );
    expect(text).not.toMatch(
      /<(?:script|link|img|iframe|object|embed|form|base)\b|\s(?:style|on\w+|src)=|@import|url\(/i,
    );
  });

  it('links to the document and to places on the page only', async () => {
    const { text } = await get('/asyncapi/?from=search');
    const links = [...text.matchAll(/href="([^"]+)"/g)].map(([, link]) => link ?? '');
    expect(links).toContain('../asyncapi.json');
    expect((await get(new URL('../asyncapi.json', 'http://a/asyncapi/').pathname)).status).toBe(200);
    for (const link of links.filter((one) => one !== '../asyncapi.json'))
      expect([link, text.includes(`id="${link.slice(1)}"`)]).toEqual([link, true]);
  });

  it('redirects /asyncapi to /asyncapi/, and is linked at the root', async () => {
    const answer = await get('/asyncapi');
    expect([answer.status, answer.headers.get('location')]).toEqual([301, '/asyncapi/']);
    expect(JSON.parse((await get('/')).text)).toMatchObject({ messages: '/asyncapi/', asyncapi: '/asyncapi.json' });
  });

  it('answers 404 as a problem for paths below the page, and 405 for other methods', async () => {
    const answer = await get('/asyncapi/../../etc/passwd');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      404,
      'application/problem+json; charset=utf-8',
    ]);
    expect((await get('/asyncapi/asyncapi.html')).status).toBe(404);
    expect((await host.post('/asyncapi/', '{}')).status).toBe(405);
  });

  it('refuses to start without its files and says how to make them', () => {
    for (const files of [
      { document: DOCUMENT, page: join(folder, 'absent.html') },
      { document: join(folder, 'absent.json'), page: DOCUMENT },
    ]) {
      expect(() => messageDocs(files, '')).toThrow(StartRefused);
      expect(() => messageDocs(files, '')).toThrow('npm run build');
    }
  });
});
