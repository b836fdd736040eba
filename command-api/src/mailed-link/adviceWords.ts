import type { Locale } from '@ums/contracts/locale';
import { LONGEST_NAME } from '@ums/contracts/personName';
import { MAX_CODE_POINTS, MIN_CODE_POINTS, type PasswordFault } from '../credentials/passwordPolicy.js';

/** What the page behind a mailed link says about problems that do not depend on the link, as plain text. */
export interface AdviceWords {
  internalError: Advice;
  /** Its heading takes the place of that of the link, because the service does not know what the link was for. */
  brokenLink: Advice & { heading: string };
  tooManyAttempts(wait: string): Advice;
  unavailable: Advice;
  suspended: Advice;
  /** @param title of the problem, in English */
  other(title: string): Advice;
  wrongPassword: string;
  unusablePassword: string;
  /** Of a new password: why it is refused. */
  refusedPassword: Readonly<Record<PasswordFault, string>>;
  refusedName: string;
  /** The new password was typed twice, and differently. */
  otherPassword: string;
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
      heading: 'This link cannot be opened',
      alert: 'This link is not complete, or it was changed.',
      advice: 'Open the link in the mail again, or copy all of it into the address bar of your browser.',
    },
    tooManyAttempts: (wait) => ({ alert: 'Too many attempts.', advice: `Wait ${wait}, then try again.` }),
    unavailable: {
      alert: 'The service cannot answer right now.',
      advice: 'Wait a moment, then try again. The link in the mail stays valid.',
    },
    suspended: {
      alert: 'The account is suspended.',
      advice: 'Nothing was changed. Ask those who run the service about the suspension.',
    },
    other: (title) => ({ alert: `${title}.`, advice: 'Open the link in the mail again.' }),
    wrongPassword: 'The password is wrong.',
    unusablePassword: 'The password is missing or too long.',
    refusedPassword: {
      malformed: 'The password contains a line break, a tab or another character that cannot be typed.',
      tooShort: `The password is too short: it must have at least ${MIN_CODE_POINTS} characters.`,
      tooLong: `The password is too long: it can have at most ${MAX_CODE_POINTS} characters.`,
      repetition: 'The password repeats the same few characters.',
      sequence: 'The password is a sequence of the alphabet, of digits or of the keyboard.',
      common: 'The password is a common one, even with digits or symbols around it.',
      context: 'The password consists of your name, your e-mail address or the name of this service.',
    },
    refusedName: `The name cannot be used: it needs 1 to ${LONGEST_NAME} characters, one of them visible, at most 4 marks on a letter, and none that is invisible, breaks the line or changes its direction.`,
    otherPassword: 'The two passwords differ.',
  },
  de: {
    internalError: {
      alert: 'Etwas ist schiefgegangen.',
      advice: 'Der Fehler liegt bei uns und wurde aufgezeichnet. Versuchen Sie es später noch einmal.',
    },
    brokenLink: {
      heading: 'Dieser Link lässt sich nicht öffnen',
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
    suspended: {
      alert: 'Das Konto ist gesperrt.',
      advice: 'Es wurde nichts geändert. Fragen Sie die Betreiber des Dienstes nach der Sperre.',
    },
    other: () => ({ alert: 'Das hat nicht funktioniert.', advice: 'Öffnen Sie den Link in der Mail noch einmal.' }),
    wrongPassword: 'Das Passwort ist falsch.',
    unusablePassword: 'Das Passwort fehlt oder ist zu lang.',
    refusedPassword: {
      malformed:
        'Das Passwort enthält einen Zeilenumbruch, einen Tabulator oder ein anderes Zeichen, das sich nicht eingeben lässt.',
      tooShort: `Das Passwort ist zu kurz: Es muss mindestens ${MIN_CODE_POINTS} Zeichen haben.`,
      tooLong: `Das Passwort ist zu lang: Es darf höchstens ${MAX_CODE_POINTS} Zeichen haben.`,
      repetition: 'Das Passwort wiederholt nur wenige Zeichen.',
      sequence: 'Das Passwort ist eine Folge aus dem Alphabet, aus Ziffern oder von der Tastatur.',
      common: 'Das Passwort ist weit verbreitet, auch mit Ziffern oder Zeichen darum herum.',
      context: 'Das Passwort besteht aus Ihrem Namen, Ihrer E-Mail-Adresse oder dem Namen dieses Dienstes.',
    },
    refusedName: `Der Name lässt sich nicht verwenden: Er braucht 1 bis ${LONGEST_NAME} Zeichen, davon ein sichtbares, höchstens 4 Zusatzzeichen an einem Buchstaben, und keines, das unsichtbar ist, die Zeile umbricht oder ihre Richtung ändert.`,
    otherPassword: 'Die beiden Passwörter sind verschieden.',
  },
};
