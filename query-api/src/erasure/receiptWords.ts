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
  /** Of backups, which the operator deletes: nothing here sees them. */
  due(time: string): string;
  wereDue(time: string): string;
  receipt(id: string): string;
  /** Of the receipt itself, which `npm run verify` checks. */
  data: string;
  cutLink: { alert: string; advice: string };
  unknown: { alert: string; advice: string };
  unavailable: { alert: string; advice: string };
  /** Prefix of the title of a page about a problem. */
  error: string;
  reference(requestId: string): string;
}

export const RECEIPT_WORDS: Readonly<Record<Locale, ReceiptWords>> = {
  en: {
    heading: 'Receipt of the erasure',
    complete: 'Every step is done, and the day has passed by which backups were to be deleted.',
    incomplete: 'Some steps are not done yet. Look again later.',
    steps: {
      keyDestroyed: 'The key with which your data in the history could be read',
      addressesReleased: 'Your e-mail addresses',
      sessionsEnded: 'Your log-ins on all devices',
      pictures: 'Your pictures',
      mailRecords: 'The address that was kept for the mail about the erasure',
      readModels: 'Your profile, and your entry in the directory',
      topicTombstone: 'Your entry in what other systems are given',
      diskRewritten: 'What was left in the files of the database',
      backupsDue: 'Backups from before',
    },
    done: (time) => (time === '' ? 'done' : `done, ${time}`),
    pending: 'not yet',
    notApplicable: 'not used here',
    due: (time) => `to be deleted by ${time}`,
    wereDue: (time) => `were to be deleted by ${time}`,
    receipt: (id) => `Receipt: ${id}`,
    data: 'The receipt as data (JSON)',
    cutLink: { alert: 'The link is not complete.', advice: 'Open it from the mail again, or copy all of it.' },
    unknown: { alert: 'There is no such receipt.', advice: 'Check that the link is complete.' },
    unavailable: { alert: 'The receipt cannot be shown now.', advice: 'Try again in a few minutes.' },
    error: 'Error: ',
    reference: (requestId) => `Reference: ${requestId}`,
  },
  de: {
    heading: 'Beleg der Löschung',
    complete: 'Alle Schritte sind erledigt, und der Tag ist vorbei, bis zu dem Sicherungen zu löschen waren.',
    incomplete: 'Einige Schritte sind noch nicht erledigt. Sehen Sie später noch einmal nach.',
    steps: {
      keyDestroyed: 'Der Schlüssel, mit dem Ihre Daten im Verlauf lesbar waren',
      addressesReleased: 'Ihre E-Mail-Adressen',
      sessionsEnded: 'Ihre Anmeldungen auf allen Geräten',
      pictures: 'Ihre Bilder',
      mailRecords: 'Die Adresse, die für die Mail über die Löschung aufgehoben wurde',
      readModels: 'Ihr Profil und Ihr Eintrag im Verzeichnis',
      topicTombstone: 'Ihr Eintrag in dem, was andere Systeme bekommen',
      diskRewritten: 'Reste in den Dateien der Datenbank',
      backupsDue: 'Sicherungen von vorher',
    },
    done: (time) => (time === '' ? 'erledigt' : `erledigt, ${time}`),
    pending: 'noch nicht',
    notApplicable: 'hier nicht benutzt',
    due: (time) => `zu löschen bis ${time}`,
    wereDue: (time) => `waren zu löschen bis ${time}`,
    receipt: (id) => `Beleg: ${id}`,
    data: 'Der Beleg als Daten (JSON)',
    cutLink: {
      alert: 'Der Link ist unvollständig.',
      advice: 'Öffnen Sie ihn noch einmal aus der Mail, oder kopieren Sie ihn ganz.',
    },
    unknown: { alert: 'Diesen Beleg gibt es nicht.', advice: 'Prüfen Sie, ob der Link vollständig ist.' },
    unavailable: {
      alert: 'Der Beleg kann gerade nicht gezeigt werden.',
      advice: 'Versuchen Sie es in einigen Minuten noch einmal.',
    },
    error: 'Fehler: ',
    reference: (requestId) => `Referenz: ${requestId}`,
  },
};
