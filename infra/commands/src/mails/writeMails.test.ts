import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LOCALES } from '@ums/contracts/locale';
import { ConfigFault } from '@ums/kit/env';
import { MAIL_TEMPLATES } from '@ums/notifier/mails';
import { writeMails } from './writeMails.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ums-mails-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('writeMails', () => {
  it('writes to a new folder each time, unless one is named', async () => {
    const folders = await Promise.all([writeMails([], {}), writeMails([], {})]).then((sentences) =>
      sentences.map((sentence) => /are in (\/.*)\.$/.exec(sentence)?.[1] ?? ''),
    );
    expect(new Set(folders).size).toBe(2);
    for (const made of folders) {
      expect((await stat(made)).mode & 0o777).toBe(0o700);
      await rm(made, { recursive: true });
    }
  });

  it('writes every mail in every language as HTML and text', async () => {
    expect(await writeMails([folder], {})).toMatch(/^\d+ mails in \d+ languages are in \//);
    const expected = MAIL_TEMPLATES.flatMap(({ template }) =>
      LOCALES.flatMap((locale) => [`${template}.${locale}.html`, `${template}.${locale}.txt`]),
    );
    expect((await readdir(folder)).sort()).toEqual(expected.sort());
  });

  it('shows the name, the page and the logo of the settings', async () => {
    const logo = 'https://cdn.example.org/logo.png';
    await writeMails([folder], { APP_NAME: 'Example Club', APP_URL: 'https://club.example.org', MAIL_LOGO_URL: logo });
    const html = await readFile(join(folder, 'confirmation.en.html'), 'utf8');
    expect(html).toContain(`<img src="${logo}" alt="Example Club"`);
    expect(html).toContain('<a href="https://club.example.org/"');
  });

  it('says which folder it cannot write to, why, and how to choose another', async () => {
    const file = join(folder, 'file');
    await writeFile(file, '');
    await expect(writeMails([join(file, 'mails')], {})).rejects.toThrow(
      `The mails cannot be written to ${join(file, 'mails')} (ENOTDIR). To choose another folder: npm run -s mails -- <folder>`,
    );
  });

  it('refuses faulty settings and arguments', async () => {
    await expect(writeMails([folder], { MAIL_LOGO_URL: 'logo.png' })).rejects.toThrow(ConfigFault);
    for (const args of [['--help'], [folder, 'more']]) await expect(writeMails(args, {})).rejects.toThrow('Usage:');
  });
});
