import { describe, expect, it } from '@jest/globals';
import { escapeHtml } from './escapeHtml.js';

describe('escapeHtml', () => {
  it('escapes every character that is special in content or in a quoted attribute', () => {
    expect(escapeHtml(`<a href="x" title='y'>&amp;</a>`)).toBe(
      '&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;amp;&lt;/a&gt;',
    );
  });

  it('leaves other text unchanged', () => {
    expect(escapeHtml('Ada Löwe, 1815 / 1852')).toBe('Ada Löwe, 1815 / 1852');
  });
});
