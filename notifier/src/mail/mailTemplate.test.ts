import { describe, expect, it } from '@jest/globals';
import { LOCALES } from '@ums/contracts/locale';
import { composeMail, type MailTemplate } from './mailTemplate.js';

const greeting: MailTemplate<{ name: string }> = {
  template: 'greeting',
  words: {
    en: ({ name }) => ({ subject: 'Greeting', body: [`Hello ${name}`] }),
    de: ({ name }) => ({ subject: 'Gruß', body: [`Guten Tag ${name}`] }),
  },
};

describe('composing from a template', () => {
  it.each(LOCALES)('takes the words of the recipient’s language: %s', (locale) => {
    expect(composeMail(greeting, { to: 'ada@example.org', locale }, { name: 'Ada' })).toEqual({
      to: 'ada@example.org',
      template: 'greeting',
      locale,
      content: greeting.words[locale]({ name: 'Ada' }),
    });
  });
});
