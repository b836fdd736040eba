import { describe, expect, it } from '@jest/globals';
import { rendered } from './content.js';

describe('rendering of a mail', () => {
  it('I-06 escapes subject and paragraphs in HTML', () => {
    const { html } = rendered({ subject: '<s>', body: [`<script>alert("x")</script> & 'so on'`] }, 'en');

    expect(html).toContain('<p>&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;so on&#39;</p>');
    expect(html).toContain('<title>&lt;s&gt;</title>');
  });

  it('I-06 puts a link on a line of its own in text, and escapes it in HTML', () => {
    const link = 'https://users.example.org/api/v1/auth/confirm?token=a&b';

    const { text, html } = rendered({ subject: 'Subject', body: ['before', { link }, 'after'] }, 'en');

    expect(text.split('\n').filter((line) => line.includes('http'))).toEqual([link]);
    expect(html.match(/https:[^"<]*/g)).toEqual([link.replace('&', '&amp;'), link.replace('&', '&amp;')]);
  });
});
