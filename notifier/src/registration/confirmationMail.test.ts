import { describe, expect, it } from '@jest/globals';
import { renderMail } from '../mail/renderMail.js';
import { confirmationMail } from './confirmationMail.js';

const link = 'https://users.example.org/api/v1/auth/confirm?token=a&b';
const appName = 'Example Club';
const expires = new Date('2026-03-02T10:05:59.123Z');

describe('the words of the confirmation mail', () => {
  it('I-06 puts the link on a line of its own in text, and escapes it in HTML', () => {
    const { text, html } = renderMail(confirmationMail.words.en({ appName, link, expires }), 'en', { appName });

    expect(text.split('\n').filter((line) => line.includes('http'))).toEqual([link]);
    expect(new Set(html.match(/https:[^"<]*/g))).toEqual(new Set([link.replace('&', '&amp;')]));
  });

  it('E-04 gives the time until which the link works', () => {
    const { text } = renderMail(confirmationMail.words.en({ appName, link, expires }), 'en', { appName });

    expect(text).toContain('works until 2026-03-02 10:05 UTC.');
  });

  it('E-04 gives that time in German too', () => {
    const { text } = renderMail(confirmationMail.words.de({ appName, link, expires }), 'de', { appName });

    expect(text).toContain('Der Link gilt bis zum 2. März 2026, 10:05 Uhr (UTC).');
  });

  it('names the application', () => {
    const { text } = renderMail(confirmationMail.words.en({ appName, link, expires }), 'en', { appName });

    expect(text).toContain('an account at Example Club with this e-mail address');
  });
});
