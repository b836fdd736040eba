import { describe, expect, it } from '@jest/globals';
import { LOCALES } from '@ums/contracts/locale';
import { isLink, type MailContent } from './mail/content.js';
import { renderMail } from './mail/renderMail.js';
import { MAIL_TEMPLATES, MAILS } from './mails.js';

const appName = 'Example <Club>';
const details = { appName, link: 'https://users.example.org/?token=a', expires: new Date(), changedAt: new Date() };
const cases = MAIL_TEMPLATES.flatMap(({ template, words }) =>
  LOCALES.map((locale) => ({ template, locale, content: words[locale](details) })),
);

describe('every mail', () => {
  it('has a fact of its own', () => {
    expect(new Set(MAILS.map(({ fact }) => fact)).size).toBe(MAILS.length);
  });

  it('is listed with its words, once', () => {
    const listed = MAIL_TEMPLATES.map(({ template }) => template);
    expect(new Set(listed).size).toBe(listed.length);
    expect(listed).toEqual(expect.arrayContaining(MAILS.map(({ template }) => template)));
  });

  it.each(cases)(
    'I-06 has text, HTML, a one-line subject and the escaped name of the application: $template in $locale',
    ({ locale, content }) => {
      const { subject, text, html } = renderMail(content, locale, { appName });

      expect(subject).toMatch(/^[^\r\n]{5,78}$/);
      expect(text.split('\n').length).toBeGreaterThan(3);
      expect(html).toContain(`<html lang="${locale}">`);
      expect(text).toContain(appName);
      expect(html).toContain('Example &lt;Club&gt;');
      expect(html).not.toContain(appName);
    },
  );

  it.each(MAIL_TEMPLATES)('has words of its own and the same links in every language: $template', ({ words }) => {
    const contents = LOCALES.map((locale) => words[locale](details));
    expect(new Set(contents.map(({ subject }) => subject)).size).toBe(LOCALES.length);
    const linksOf = ({ body }: MailContent) => body.map((part) => isLink(part) && part.link);
    expect(new Set(contents.map((content) => JSON.stringify(linksOf(content)))).size).toBe(1);
  });
});
