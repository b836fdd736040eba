import { describe, expect, it } from '@jest/globals';
import { LOCALES } from '@ums/contracts/locale';
import { readme } from './exportReadme.js';

const FILES = [
  ...['profile.json', 'roles-and-consents.json', 'sessions.json', 'pictures/', 'mails.ndjson', 'history.ndjson'],
  'history-proof.json',
];

describe('the text that explains an export', () => {
  it.each(LOCALES)('names application, time and every file: %s', (locale) => {
    const text = readme(locale, { appName: 'Example Club', at: new Date('2026-11-27T12:00:00Z') });
    for (const part of ['Example Club', '2026-11-27T12:00:00.000Z', ...FILES]) expect(text).toContain(part);
    expect(text.endsWith('\n')).toBe(true);
  });

  it('is in the language of the user', () => {
    const details = { appName: 'Club', at: new Date() };
    expect(readme('en', details)).toMatch(/^Your data at Club\n/);
    expect(readme('de', details)).toMatch(/^Ihre Daten bei Club\n/);
  });
});
