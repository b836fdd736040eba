import type { Locale } from '@ums/contracts/locale';
import type { MailTokenPurpose } from '@ums/identity/mail-token/mailToken';
import { MIN_CODE_POINTS } from '../credentials/passwordPolicy.js';
import { LINK_PAGES, type LinkPage } from './linkPages.js';

const { en, de } = LINK_PAGES.confirm.words;

/** The other form behind the link of a registration, for users who do not know the password of that registration. */
export const OTHER_PASSWORD_PAGE: LinkPage = {
  asks: 'newPassword',
  asksName: true,
  // The address may have an account by now: then the password of that counts.
  asksAgain: true,
  words: {
    en: {
      ...en,
      ask: `Choose a name and a new password. They take the place of everything in the registration, a picture included. The password must have at least ${MIN_CODE_POINTS} characters; a few words that do not belong together are easy to remember.`,
      button: 'Confirm with the new password',
      invalid: {
        alert: 'The link is not valid, or the address has an account already.',
        advice:
          'If you have confirmed your address before, with this or another mail, log in, or ask for a new password there. Otherwise the link has expired or is not complete: open the one in the newest mail, or register again.',
      },
    },
    de: {
      ...de,
      ask: `Wählen Sie einen Namen und ein neues Passwort. Sie ersetzen alles aus der Registrierung, auch ein Bild. Das Passwort muss mindestens ${MIN_CODE_POINTS} Zeichen haben; einige Wörter, die nicht zusammengehören, lassen sich gut merken.`,
      button: 'Mit dem neuen Passwort bestätigen',
      invalid: {
        alert: 'Der Link ist ungültig, oder die Adresse hat schon ein Konto.',
        advice:
          'Falls Sie Ihre Adresse schon bestätigt haben, mit dieser oder einer anderen Mail, melden Sie sich an, oder fordern Sie dort ein neues Passwort an. Andernfalls ist der Link abgelaufen oder unvollständig: Öffnen Sie den Link in der neuesten Mail, oder registrieren Sie sich noch einmal.',
      },
    },
  },
};

/** A form that is folded away, and what unfolds it. */
interface OtherForm {
  page: LinkPage;
  summary: Readonly<Record<Locale, string>>;
}

/** The other one of the two forms behind the link of a registration; `undefined` for the form of another link. */
export const otherFormOf = (page: LinkPage): OtherForm | undefined => {
  if (page === LINK_PAGES.confirm)
    return {
      page: OTHER_PASSWORD_PAGE,
      summary: { en: 'I do not know this password', de: 'Ich kenne dieses Passwort nicht' },
    };
  if (page === OTHER_PASSWORD_PAGE)
    return {
      page: LINK_PAGES.confirm,
      summary: { en: 'I do not want a new password', de: 'Ich möchte kein neues Passwort' },
    };
  return undefined;
};

/** @param choosesPassword whether it is the form for users who do not know the password of the registration */
export const linkPageOf = (purpose: MailTokenPurpose, choosesPassword: boolean): LinkPage =>
  purpose === 'confirm' && choosesPassword ? OTHER_PASSWORD_PAGE : LINK_PAGES[purpose];
