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
  },
};
