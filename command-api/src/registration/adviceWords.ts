import type { Locale } from '@ums/contracts/locale';

/** What the page behind a mailed link says about problems that do not depend on the link, as plain text. */
export interface AdviceWords {
  internalError: Advice;
  brokenLink: Advice;
  tooManyAttempts(wait: string): Advice;
  unavailable: Advice;
  /** @param title of the problem, in English */
  other(title: string): Advice;
  wrongPassword: string;
  unusablePassword: string;
}

export interface Advice {
  alert: string;
  advice: string;
}

export const ADVICE_WORDS: Readonly<Record<Locale, AdviceWords>> = {
  en: {
    internalError: {
      alert: 'Something went wrong.',
      advice: 'The fault is ours, and was recorded. Try again later.',
    },
    brokenLink: {
      alert: 'This link is not complete, or it was changed.',
      advice: 'Open the link in the mail again, or copy all of it into the address bar of your browser.',
    },
    tooManyAttempts: (wait) => ({ alert: 'Too many attempts.', advice: `Wait ${wait}, then try again.` }),
    unavailable: {
      alert: 'The service cannot answer right now.',
      advice: 'Wait a moment, then try again. The link in the mail stays valid.',
    },
    other: (title) => ({ alert: `${title}.`, advice: 'Open the link in the mail again.' }),
    wrongPassword: 'The password is wrong.',
    unusablePassword: 'The password is missing or too long.',
  },
  de: {
    internalError: {
      alert: 'Etwas ist schiefgegangen.',
      advice: 'Der Fehler liegt bei uns und wurde aufgezeichnet. Versuchen Sie es später noch einmal.',
    },
    brokenLink: {
      alert: 'Dieser Link ist unvollständig oder wurde verändert.',
      advice:
        'Öffnen Sie den Link in der Mail noch einmal, oder kopieren Sie ihn vollständig in die Adresszeile Ihres Browsers.',
    },
    tooManyAttempts: (wait) => ({
      alert: 'Zu viele Versuche.',
      advice: `Warten Sie ${wait} und versuchen Sie es dann noch einmal.`,
    }),
    unavailable: {
      alert: 'Der Dienst kann gerade nicht antworten.',
      advice: 'Warten Sie einen Moment und versuchen Sie es dann noch einmal. Der Link in der Mail bleibt gültig.',
    },
    other: () => ({ alert: 'Das hat nicht funktioniert.', advice: 'Öffnen Sie den Link in der Mail noch einmal.' }),
    wrongPassword: 'Das Passwort ist falsch.',
    unusablePassword: 'Das Passwort fehlt oder ist zu lang.',
  },
};
