import { describe, expect, it } from '@jest/globals';
import { rendered } from './content.js';
import { greetingName } from './greetingName.js';
import { TEMPLATES } from './templates/templates.js';

const link = 'https://users.example.org/api/v1/auth/confirm?token=a&b';

const expires = new Date('2026-03-02T10:05:59.123Z');

describe('what a mail says', () => {
  it('I-06 escapes whatever a paragraph holds', () => {
    const { html } = rendered({ subject: '<s>', body: [`<script>alert("x")</script> & 'so on'`] }, 'en');

    expect(html).toContain('<p>&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;so on&#39;</p>');
    expect(html).toContain('<title>&lt;s&gt;</title>');
  });

  it('I-06 has the link alone on its line in text, and escaped in HTML', () => {
    const { text, html } = rendered(TEMPLATES.en.confirmation({ name: 'Ada', link, expires }), 'en');

    expect(text.split('\n').filter((line) => line.includes('http'))).toEqual([link]);
    expect(html.match(/https:[^"<]*/g)).toEqual([link.replace('&', '&amp;'), link.replace('&', '&amp;')]);
  });

  it('E-04 says until when the link works', () => {
    const { text } = rendered(TEMPLATES.en.confirmation({ name: 'Ada', link, expires }), 'en');

    expect(text).toContain('works until 2026-03-02 10:05 UTC.');
  });

  it.each(['Ada Lovelace', 'José Ñandú', "Anne-Marie O'Neill", 'J. R. R. Tolkien', '李小龍', 'नरेंद्र', 'Zoë'])(
    'I-06 greets with a name that is only a name: %s',
    (name) => {
      expect(greetingName(name)).toBe(name);
      expect(TEMPLATES.en.confirmation({ name: greetingName(name), link, expires }).body[0]).toBe(`Hello ${name},`);
    },
  );

  it.each([
    'Click http://evil.example',
    'evil.example',
    'www.evil.example/now',
    'ada@evil.example',
    'Call 555 1234',
    '<b>Ada</b>',
    'Ada\u202Eevil',
    'Ada\u2028Bcc',
    `Ada ${'very '.repeat(20)}long`,
    ' ',
  ])('I-06 leaves out a name that could be a link, markup or a message: %j', (name) => {
    expect(greetingName(name)).toBeUndefined();
    expect(TEMPLATES.en.confirmation({ name: greetingName(name), link, expires }).body[0]).toBe('Hello,');
  });

  it.each(Object.entries(TEMPLATES))(
    'I-06 has text, HTML and a subject on one line for every mail in %s',
    (language, templates) => {
      const contents = [
        templates.confirmation({ name: undefined, link, expires }),
        templates.accountExists({}),
        templates.goodbye({}),
      ];
      for (const content of contents) {
        const { subject, text, html } = rendered(content, language);
        expect(subject).toMatch(/^[^\r\n]{5,78}$/);
        expect(text.split('\n').length).toBeGreaterThan(3);
        expect(html).toContain(`<html lang="${language}">`);
      }
    },
  );
});
