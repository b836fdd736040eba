import type { MailTemplate } from '../mail/mailTemplate.js';

export interface ResetRefusedDetails {
  appName: string;
}

/** Sent instead of the link to a user who is suspended: a new password does not lift a suspension. */
export const resetRefusedMail: MailTemplate<ResetRefusedDetails> = {
  template: 'resetRefused',
  words: {
    en: ({ appName }) => ({
      subject: 'Your account is suspended',
      body: [
        'Hello,',
        `You or someone else asked for a new password for your account at ${appName}. The account is suspended, so its password cannot be changed now.`,
        `If you think that this is a mistake, please ask the people who run ${appName}. If you did not ask for a new password, you do not need to do anything.`,
      ],
    }),
    de: ({ appName }) => ({
      subject: 'Ihr Konto ist gesperrt',
      body: [
        'Guten Tag,',
        `Sie oder jemand anderes hat ein neues Passwort für Ihr Konto bei ${appName} angefordert. Das Konto ist gesperrt; deshalb kann sein Passwort jetzt nicht geändert werden.`,
        `Falls Sie das für einen Irrtum halten, wenden Sie sich bitte an die Betreiber von ${appName}. Falls Sie kein neues Passwort angefordert haben, brauchen Sie nichts zu tun.`,
      ],
    }),
  },
};
