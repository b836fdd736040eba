import { describe, expect, it } from '@jest/globals';
import { emailChangeNotice } from './email-change/emailChangeNotice.js';
import { emailTakenMail } from './email-change/emailTakenMail.js';
import { rendered } from './mail/content.js';
import { LANGUAGES, type MailTemplate } from './mail/mailTemplate.js';
import { MAILS } from './mails.js';
import { accountExistsMail } from './registration/accountExistsMail.js';
import { addressReservedMail } from './registration/addressReservedMail.js';

/** What the words of the mails need besides the name of the application, by template. A new mail with details needs its line. */
const LINK = { link: 'https://users.example.org/?token=a', expires: new Date() };
const DETAILS: Readonly<Record<string, object>> = {
  ...{ confirmation: LINK, emailChange: LINK, emailChangeNotice: LINK, emailChanged: LINK },
};
const templates = [
  ...MAILS,
  ...[accountExistsMail, addressReservedMail, emailTakenMail, emailChangeNotice],
] as MailTemplate<object>[];
const cases = templates.flatMap((mail) => LANGUAGES.map((language) => ({ mail, language, template: mail.template })));

describe('every mail', () => {
  it('has a fact of its own', () => {
    expect(new Set(MAILS.map(({ fact }) => fact)).size).toBe(MAILS.length);
  });

  it.each(cases)(
    'I-06 has text, HTML, a one-line subject and the escaped name of the application: $template in $language',
    ({ mail, language, template }) => {
      const { subject, text, html } = rendered(
        mail.words[language]({ ...DETAILS[template], appName: 'Example <Club>' }),
        language,
      );

      expect(subject).toMatch(/^[^\r\n]{5,78}$/);
      expect(text.split('\n').length).toBeGreaterThan(3);
      expect(html).toContain(`<html lang="${language}">`);
      expect(text).toContain('Example <Club>');
      expect(html).toContain('Example &lt;Club&gt;');
    },
  );
});
