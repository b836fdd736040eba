import type { Locale } from '@ums/contracts/locale';
import type { MailTokenPurpose } from '@ums/identity/mail-token/mailToken';
import { MIN_CODE_POINTS } from '../credentials/passwordPolicy.js';

/** A field of the form, named as in `ConfirmRequest`. */
export type PasswordField = 'password' | 'newPassword';

/** A new password is typed twice, because it cannot be seen. Only the form has this field. */
export const REPEATED_FIELD = 'newPasswordAgain';

/** The page behind a mailed link. */
export interface LinkPage {
  /** The password that the form asks for: that of the account, or a new one; `undefined` for none. */
  asks: PasswordField | undefined;
  /** The form asks for a name too. */
  asksName?: boolean;
  /** Whether the link can work with another password after it was refused. */
  asksAgain: boolean;
  words: Readonly<Record<Locale, LinkWords>>;
}

/** As plain text. */
export interface LinkWords {
  heading: string;
  ask: string;
  button: string;
  doneHeading: string;
  done: string;
  invalid: { alert: string; advice: string };
}

export const LINK_PAGES: Readonly<Record<MailTokenPurpose, LinkPage>> = {
  confirm: {
    asks: 'password',
    // Another registration of the address may have won: then the password of its account is the one that counts.
    asksAgain: true,
    words: {
      en: {
        heading: 'Confirm your address',
        ask: 'Enter the password you chose when you registered.',
        button: 'Confirm',
        doneHeading: 'Your address is confirmed',
        done: 'You can log in now.',
        invalid: {
          alert: 'The link is not valid, or the password is not that of your account.',
          advice:
            'If you have confirmed your address before, with this or another mail, enter the password of your account, or log in. Otherwise the link has expired or is not complete: open the one in the newest mail, or register again.',
        },
      },
      de: {
        heading: 'Bestätigen Sie Ihre Adresse',
        ask: 'Geben Sie das Passwort ein, das Sie bei der Registrierung gewählt haben.',
        button: 'Bestätigen',
        doneHeading: 'Ihre Adresse ist bestätigt',
        done: 'Sie können sich jetzt anmelden.',
        invalid: {
          alert: 'Der Link ist ungültig, oder das Passwort ist nicht das Ihres Kontos.',
          advice:
            'Falls Sie Ihre Adresse schon bestätigt haben, mit dieser oder einer anderen Mail, geben Sie das Passwort Ihres Kontos ein, oder melden Sie sich an. Andernfalls ist der Link abgelaufen oder unvollständig: Öffnen Sie den Link in der neuesten Mail, oder registrieren Sie sich noch einmal.',
        },
      },
    },
  },
  change: {
    asks: 'password',
    asksAgain: false,
    words: {
      en: {
        heading: 'Confirm your new address',
        ask: 'Enter the password of your account.',
        button: 'Confirm',
        doneHeading: 'Your address is changed',
        done: 'Use the new address from now on when you log in.',
        invalid: {
          alert: 'The link is not valid.',
          advice:
            'It may have expired, or be replaced by the one in a newer mail. The address may also have an account of its own by now. Ask for the change again.',
        },
      },
      de: {
        heading: 'Bestätigen Sie Ihre neue Adresse',
        ask: 'Geben Sie das Passwort Ihres Kontos ein.',
        button: 'Bestätigen',
        doneHeading: 'Ihre Adresse ist geändert',
        done: 'Melden Sie sich ab jetzt mit der neuen Adresse an.',
        invalid: {
          alert: 'Der Link ist ungültig.',
          advice:
            'Er ist möglicherweise abgelaufen oder durch den Link in einer neueren Mail ersetzt. Vielleicht hat die Adresse inzwischen auch ein eigenes Konto. Beantragen Sie die Änderung noch einmal.',
        },
      },
    },
  },
  undo: {
    asks: undefined,
    asksAgain: false,
    words: {
      en: {
        heading: 'Keep your previous address',
        ask: 'The account keeps the address that got this mail, or gets it back. All devices are logged out.',
        button: 'Refuse the change',
        doneHeading: 'Your previous address is in use',
        done: 'All devices are logged out. If you did not ask for the change, someone else knows your password: the mail that comes next says what to do.',
        invalid: {
          alert: 'The link is not valid.',
          advice: 'It may have expired, or the change may be replaced or undone already. Look for a newer mail.',
        },
      },
      de: {
        heading: 'Behalten Sie Ihre bisherige Adresse',
        ask: 'Das Konto behält die Adresse, an die diese Mail ging, oder bekommt sie zurück. Alle Geräte werden abgemeldet.',
        button: 'Änderung ablehnen',
        doneHeading: 'Ihre bisherige Adresse gilt',
        done: 'Alle Geräte sind abgemeldet. Falls Sie die Änderung nicht beantragt haben, kennt jemand anderes Ihr Passwort: In der Mail, die Sie gleich bekommen, steht, was zu tun ist.',
        invalid: {
          alert: 'Der Link ist ungültig.',
          advice:
            'Er ist möglicherweise abgelaufen, oder die Änderung wurde bereits ersetzt oder rückgängig gemacht. Sehen Sie nach, ob Sie eine neuere Mail bekommen haben.',
        },
      },
    },
  },
  reset: {
    asks: 'newPassword',
    asksAgain: false,
    words: {
      en: {
        heading: 'Choose a new password',
        ask: `The password must have at least ${MIN_CODE_POINTS} characters; a few words that do not belong together are easy to remember. All devices are logged out.`,
        button: 'Set the password',
        doneHeading: 'Your password is changed',
        done: 'All devices are logged out. Log in with the new password.',
        invalid: {
          alert: 'The link is not valid.',
          advice:
            'It may have expired or been used, or the account was suspended or has changed since, such as its password or its address. Ask for a new link, and open the one in the newest mail.',
        },
      },
      de: {
        heading: 'Wählen Sie ein neues Passwort',
        ask: `Das Passwort muss mindestens ${MIN_CODE_POINTS} Zeichen haben; einige Wörter, die nicht zusammengehören, lassen sich gut merken. Alle Geräte werden abgemeldet.`,
        button: 'Passwort setzen',
        doneHeading: 'Ihr Passwort ist geändert',
        done: 'Alle Geräte sind abgemeldet. Melden Sie sich mit dem neuen Passwort an.',
        invalid: {
          alert: 'Der Link ist ungültig.',
          advice:
            'Er ist möglicherweise abgelaufen oder wurde schon benutzt, oder das Konto wurde gesperrt oder hat sich seitdem geändert, etwa sein Passwort oder seine Adresse. Fordern Sie einen neuen Link an, und öffnen Sie den in der neuesten Mail.',
        },
      },
    },
  },
};
