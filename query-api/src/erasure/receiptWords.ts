import type { ErasureStepsBody } from '@ums/contracts/http/erasure';
import type { Locale } from '@ums/contracts/locale';

/** Words of the page of a receipt, as plain text. */
export interface ReceiptWords {
  heading: string;
  complete: string;
  incomplete: string;
  steps: Readonly<Record<keyof ErasureStepsBody, string>>;
  /** @param time '' where it is not known */
  done(time: string): string;
  pending: string;
  notApplicable: string;
  /** Of backups, which are deleted later. */
  due(time: string): string;
  receipt(id: string): string;
  unknown: { alert: string; advice: string };
  unavailable: { alert: string; advice: string };
  /** Prefix of the title of a page about a problem. */
  error: string;
  reference(requestId: string): string;
}

export const RECEIPT_WORDS: Readonly<Record<Locale, ReceiptWords>> = {
  en: {
    heading: 'Receipt of the erasure',
    complete: 'Every step of the erasure is done.',
    incomplete: 'Some steps are not done yet. Look again later.',
    steps: {
      keyDestroyed: 'The key with which your data in the history could be read',
      addressesReleased: 'Your e-mail addresses',
      sessionsEnded: 'Your log-ins on all devices',
      pictures: 'Your pictures',
      mailRecords: 'Records of mails to you',
      readModels: 'Your profile, and your entry in the directory',
      topicTombstone: 'Your entry in what other systems are given',
      diskRewritten: 'What was left in the files of the database',
      backupsDue: 'Backups from before',
    },
    done: (time) => (time === '' ? 'done' : `done, ${time}`),
    pending: 'not yet',
    notApplicable: 'not used here',
    due: (time) => `to be deleted until ${time}`,
    receipt: (id) => `Receipt: ${id}`,
    unknown: { alert: 'There is no such receipt.', advice: 'Check that the link is complete.' },
    unavailable: { alert: 'The receipt cannot be shown now.', advice: 'Try again in a few minutes.' },
    error: 'Error: ',
    reference: (requestId) => `Reference: ${requestId}`,
  },
  de: {
    heading: 'Beleg der Löschung',
    complete: 'Alle Schritte der Löschung sind erledigt.',
    incomplete: 'Einige Schritte sind noch nicht erledigt. Sehen Sie später noch einmal nach.',
    steps: {
      keyDestroyed: 'Der Schlüssel, mit dem Ihre Daten im Verlauf lesbar waren',
      addressesReleased: 'Ihre E-Mail-Adressen',
      sessionsEnded: 'Ihre Anmeldungen auf allen Geräten',
      pictures: 'Ihre Bilder',
      mailRecords: 'Aufzeichnungen über Mails an Sie',
      readModels: 'Ihr Profil und Ihr Eintrag im Verzeichnis',
      topicTombstone: 'Ihr Eintrag in dem, was andere Systeme bekommen',
      diskRewritten: 'Reste in den Dateien der Datenbank',
      backupsDue: 'Sicherungen von vorher',
    },
    done: (time) => (time === '' ? 'erledigt' : `erledigt, ${time}`),
    pending: 'noch nicht',
    notApplicable: 'hier nicht benutzt',
    due: (time) => `zu löschen bis ${time}`,
    receipt: (id) => `Beleg: ${id}`,
    unknown: { alert: 'Diesen Beleg gibt es nicht.', advice: 'Prüfen Sie, ob der Link vollständig ist.' },
    unavailable: {
      alert: 'Der Beleg kann gerade nicht gezeigt werden.',
      advice: 'Versuchen Sie es in einigen Minuten noch einmal.',
    },
    error: 'Fehler: ',
    reference: (requestId) => `Referenz: ${requestId}`,
  },
};
