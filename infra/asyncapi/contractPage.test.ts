import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { DOCUMENT, readJson } from './contractFiles.mjs';
import { contractPage } from './contractPage.mjs';
import { topicsOf } from './topicsOf.mjs';

let document: Record<string, unknown>;
/** What a reader of the page sees, without markup. */
let text: string;

const shown = (html: string) =>
  html
    .replace(/<[^>]*>/g, '')
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

beforeAll(async () => {
  document = await readJson(DOCUMENT);
  text = shown(contractPage(document));
});

describe('contractPage', () => {
  it('shows every topic with its settings and promises', () => {
    for (const [name, { title, description, partitions, config, promises }] of Object.entries(topicsOf(document))) {
      for (const part of [`${title}: ${name}`, description, `partitions${partitions}`]) expect(text).toContain(part);
      for (const [setting, value] of Object.entries(config))
        expect(text).toContain(`${setting}${[value].flat().join(', ')}`);
      for (const [subject, promise] of Object.entries(promises))
        expect(text).toContain(`${subject}${promise.replaceAll('`', '')}`);
    }
    expect(text).toContain('retention.ms2592000000 (30 d)');
  });

  it('shows every message with its fields, headers and a sample', () => {
    for (const { messages } of Object.values(topicsOf(document)))
      for (const [type, { headers, payload, examples, description }] of Object.entries(messages)) {
        expect(text).toContain(description.replaceAll('`', ''));
        for (const name of [type, ...Object.keys(headers.properties), ...Object.keys(payload.properties ?? {})])
          expect(text).toContain(name);
        const [sample] = examples;
        expect(text).toContain(JSON.stringify({ headers: sample?.headers, value: sample?.payload }, null, 2));
      }
    expect(text).toContain('active, suspended');
    expect(text).toContain('list of user, admin, auditor, service, and others later');
  });

  it('escapes all text of the document', () => {
    const hostile = JSON.parse(JSON.stringify(document).replaceAll('Whether the user can log in.', '<script>&\\"'));
    expect(contractPage(hostile)).toContain('&lt;script&gt;&amp;&quot;');
    expect(contractPage(hostile)).not.toContain('<script');
  });

  it('is written by the build to the given path', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'ums-page-'));
    try {
      const page = join(folder, 'generated/asyncapi.html');
      await promisify(execFile)(process.execPath, [join(import.meta.dirname, 'writePage.mjs'), DOCUMENT, page]);
      expect(await readFile(page, 'utf8')).toBe(contractPage(document));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
