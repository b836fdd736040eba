import type { MailTemplate } from '../mail/mailTemplate.js';

export interface AddressReservedDetails {
  appName: string;
}

/** Sent instead of the confirmation while a change of the address can still be undone, so only its previous owner may have it. */
export const addressReservedMail: MailTemplate<AddressReservedDetails> = {
  template: 'addressReserved',
  words: {
    en: ({ appName }) => ({
      subject: 'Your e-mail address is reserved for another account',
      body: [
        'Hello,',
        `You or someone else asked for an account at ${appName} with this e-mail address. Until a few days ago the address belonged to another account, and an earlier mail to it has a link that undoes the change. Until that link expires, no other account can have the address. Please register again in a week.`,
        'If you did not ask for an account, you do not need to do anything. Nothing was changed.',
      ],
    }),
    de: ({ appName }) => ({
      subject: 'Ihre E-Mail-Adresse ist für ein anderes Konto reserviert',
      body: [
        'Guten Tag,',
        `Sie oder jemand anderes hat mit dieser E-Mail-Adresse ein Konto bei ${appName} beantragt. Bis vor einigen Tagen gehörte die Adresse zu einem anderen Konto, und eine frühere Mail an sie enthält einen Link, der die Änderung rückgängig macht. Solange dieser Link gilt, kann kein anderes Konto die Adresse bekommen. Bitte registrieren Sie sich in einer Woche noch einmal.`,
        'Falls Sie kein Konto beantragt haben, brauchen Sie nichts zu tun. Es wurde nichts geändert.',
      ],
    }),
  },
};
