import { describe, expect, it } from '@jest/globals';
import { composeMail, type MailTemplate } from './mailTemplate.js';

const greeting: MailTemplate<{ name: string }> = {
  template: 'greeting',
  words: { en: ({ name }) => ({ subject: 'Greeting', body: [`Hello ${name}`] }) },
};

describe('composing from a template', () => {
  it.each([undefined, 'en', 'de', 'xx-unknown'])('falls back to English for the language %s', (language) => {
    const recipient = { to: 'ada@example.org', ...(language === undefined ? {} : { language }) };

    expect(composeMail(greeting, recipient, { name: 'Ada' })).toEqual({
      to: 'ada@example.org',
      template: 'greeting',
      language: 'en',
      content: { subject: 'Greeting', body: ['Hello Ada'] },
    });
  });
});
