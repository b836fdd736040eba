import type { MailTemplate } from '../mail/mailTemplate.js';

export interface EmailTakenDetails {
  appName: string;
}

/** Sent instead of the link when another user has the new address (E-03). */
export const emailTakenMail: MailTemplate<EmailTakenDetails> = {
  template: 'emailTaken',
  words: {
    en: ({ appName }) => ({
      subject: 'Your e-mail address was entered for another account',
      body: [
        'Hello,',
        `You or someone else asked to use this e-mail address for another account at ${appName}. It belongs to an account already, or did until a few days ago, so it was not changed.`,
        'If you did not ask for this, you do not need to do anything. Nothing was changed.',
      ],
    }),
    de: ({ appName }) => ({
      subject: 'Ihre E-Mail-Adresse wurde für ein anderes Konto angegeben',
      body: [
        'Guten Tag,',
        `Sie oder jemand anderes wollte diese E-Mail-Adresse für ein anderes Konto bei ${appName} verwenden. Die Adresse gehört bereits zu einem Konto oder gehörte bis vor einigen Tagen zu einem; deshalb wurde sie nicht übernommen.`,
        'Falls Sie das nicht veranlasst haben, brauchen Sie nichts zu tun. Es wurde nichts geändert.',
      ],
    }),
  },
};
