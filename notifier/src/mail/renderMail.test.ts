import { describe, expect, it } from '@jest/globals';
import { renderMail } from './renderMail.js';

const brand = { appName: 'Example Club' };
const link = 'https://users.example.org/api/v1/auth/confirm?token=a&b';
const content = { subject: 'Subject', body: ['Hello,', 'before', { link, label: 'Confirm' }, 'after'] };

describe('rendering of a mail', () => {
  it('I-06 escapes all words in HTML', () => {
    const attack = `<script>alert("x")</script> & 'so on'`;
    const { html } = renderMail({ subject: attack, body: ['Hello,', attack, { link, label: attack }] }, 'en', {
      appName: attack,
      appUrl: 'https://club.example.org/?a&b',
      logoUrl: 'https://club.example.org/"x',
    });

    expect(html).not.toMatch(/<script|alert\("x|"x"|\?a&b/);
    expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;so on&#39;</p>');
  });

  it('I-06 puts a link on a line of its own in text, and links to nothing else in HTML', () => {
    const { text, html } = renderMail(content, 'en', brand);

    expect(text.split('\n').filter((line) => line.includes('http'))).toEqual([link]);
    expect(new Set(html.match(/https?:[^"<]*/g))).toEqual(new Set([link.replace('&', '&amp;')]));
  });

  it('has the same words in text and in HTML', () => {
    const { text, html } = renderMail(content, 'en', { ...brand, appUrl: 'https://club.example.org/' });

    expect(text).toBe(
      `Hello,\n\nbefore\n\nConfirm:\n${link}\n\nafter\n\n-- \nExample Club\nhttps://club.example.org/\n`,
    );
    for (const words of ['Hello,', 'before', 'Confirm', 'after', 'Example Club']) expect(html).toContain(`>${words}</`);
  });

  it('loads nothing from elsewhere but the logo', () => {
    const logoUrl = 'https://cdn.example.org/logo.png';

    expect(renderMail(content, 'en', brand).html).not.toMatch(/src=|url\(|@import|<link/);
    expect(renderMail(content, 'en', { ...brand, logoUrl }).html.match(/src="[^"]*"/g)).toEqual([`src="${logoUrl}"`]);
  });

  it('previews the first paragraph after the greeting', () => {
    const { html } = renderMail(content, 'en', brand);

    expect(/<div style="display:none[^>]*>([^<]*)</.exec(html)?.[1]).toBe('before');
  });
});
