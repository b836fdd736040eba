import { describe, expect, it } from '@jest/globals';
import { rendered } from '../mail/content.js';
import { greetingName } from '../mail/greetingName.js';
import { confirmationMail } from './confirmationMail.js';

const link = 'https://users.example.org/api/v1/auth/confirm?token=a&b';
const expires = new Date('2026-03-02T10:05:59.123Z');

describe('the words of the confirmation mail', () => {
  it('I-06 puts the link on a line of its own in text, and escapes it in HTML', () => {
    const { text, html } = rendered(confirmationMail.words.en({ name: 'Ada', link, expires }), 'en');

    expect(text.split('\n').filter((line) => line.includes('http'))).toEqual([link]);
    expect(html.match(/https:[^"<]*/g)).toEqual([link.replace('&', '&amp;'), link.replace('&', '&amp;')]);
  });

  it('E-04 gives the time until which the link works', () => {
    const { text } = rendered(confirmationMail.words.en({ name: 'Ada', link, expires }), 'en');

    expect(text).toContain('works until 2026-03-02 10:05 UTC.');
  });

  it.each(['Ada Lovelace', 'José Ñandú', "Anne-Marie O'Neill", 'J. R. R. Tolkien', '李小龍', 'नरेंद्र', 'Zoë'])(
    'I-06 greets with a plain name: %s',
    (name) => {
      expect(greetingName(name)).toBe(name);
      expect(confirmationMail.words.en({ name: greetingName(name), link, expires }).body[0]).toBe(`Hello ${name},`);
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
  ])('I-06 leaves out a name that could be read as a link, markup or a message: %j', (name) => {
    expect(greetingName(name)).toBeUndefined();
    expect(confirmationMail.words.en({ name: greetingName(name), link, expires }).body[0]).toBe('Hello,');
  });
});
