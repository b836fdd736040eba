import type { Locale } from '@ums/contracts/locale';

/** Words that the pages behind all mailed links have in common, as plain text. */
export interface PageWords {
  name: string;
  password: string;
  newPassword: string;
  newPasswordAgain: string;
  continueTo(appName: string): string;
  goTo(appName: string): string;
  /** Prefix of the title of a page about a problem. */
  error: string;
  reference(requestId: string): string;
}

export const PAGE_WORDS: Readonly<Record<Locale, PageWords>> = {
  en: {
    name: 'Name',
    password: 'Password',
    newPassword: 'New password',
    newPasswordAgain: 'New password, again',
    continueTo: (appName) => `Continue to ${appName}`,
    goTo: (appName) => `Go to ${appName}`,
    error: 'Error: ',
    reference: (requestId) => `Reference: ${requestId}`,
  },
  de: {
    name: 'Name',
    password: 'Passwort',
    newPassword: 'Neues Passwort',
    newPasswordAgain: 'Neues Passwort, noch einmal',
    continueTo: (appName) => `Weiter zu ${appName}`,
    goTo: (appName) => `Zu ${appName}`,
    error: 'Fehler: ',
    reference: (requestId) => `Referenz: ${requestId}`,
  },
};
