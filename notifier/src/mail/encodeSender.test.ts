import { isUtf8 } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import { encodeSender } from './encodeSender.js';

describe('encodeSender', () => {
  it.each(['users@example.org', 'Users <users@example.org>', '"Doe, Jane" <users@example.org>', '<users@example.org>'])(
    'leaves what is ASCII as it is: %s',
    (sender) => {
      expect(encodeSender(sender)).toBe(sender);
    },
  );

  it.each([
    ['Schüler & Söhne <no-reply@example.org>', 'Schüler & Söhne'],
    ['"Müller, \\"Jo\\"" <no-reply@example.org>', 'Müller, "Jo"'],
    [`${'日本語の長い名前'.repeat(6)} <no-reply@example.org>`, '日本語の長い名前'.repeat(6)],
    [`${'👩‍🚀'.repeat(12)} x <no-reply@example.org>`, `${'👩‍🚀'.repeat(12)} x`],
  ])('F-25 encodes a name so that mail programs show it: %s', (sender, name) => {
    const encoded = encodeSender(sender);
    expect(encoded).toMatch(/^(=\?UTF-8\?B\?[\w+/=]{1,63}\?= )+<no-reply@example\.org>$/);
    const words = [...encoded.matchAll(/=\?UTF-8\?B\?([\w+/=]+)\?=/g)].map(([, word = '']) =>
      Buffer.from(word, 'base64'),
    );
    expect(words.every(isUtf8)).toBe(true);
    expect(Buffer.concat(words).toString()).toBe(name);
  });
});
