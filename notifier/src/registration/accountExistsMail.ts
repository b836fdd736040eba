import type { MailTemplate } from '../mail/mailTemplate.js';

export interface AccountExistsDetails {
  appName: string;
}

/** Sent instead of the confirmation when the address already has an account (E-03). */
export const accountExistsMail: MailTemplate<AccountExistsDetails> = {
  template: 'accountExists',
  words: {
    en: ({ appName }) => ({
      subject: 'You already have an account',
      body: [
        'Hello,',
        `You or someone else asked for an account at ${appName} with this e-mail address. The address already has an account: please log in with its password. If you do not know it, ask for a new one.`,
        'If you did not ask for an account, you do not need to do anything. Nothing was changed.',
      ],
    }),
    de: ({ appName }) => ({
      subject: 'Sie haben bereits ein Konto',
      body: [
        'Guten Tag,',
        `Sie oder jemand anderes hat mit dieser E-Mail-Adresse ein Konto bei ${appName} beantragt. Zu der Adresse gibt es bereits ein Konto: Bitte melden Sie sich mit dessen Passwort an. Falls Sie es nicht kennen, fordern Sie ein neues an.`,
        'Falls Sie kein Konto beantragt haben, brauchen Sie nichts zu tun. Es wurde nichts geändert.',
      ],
    }),
  },
};
