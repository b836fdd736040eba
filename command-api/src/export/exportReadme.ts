import type { Locale } from '@ums/contracts/locale';

export interface ReadmeDetails {
  appName: string;
  /** When the export was made. */
  at: Date;
}

/** The text that explains the files of an export to the user. */
export const readme = (locale: Locale, details: ReadmeDetails): string => `${WORDS[locale](details).join('\n')}\n`;

const WORDS: Readonly<Record<Locale, (details: ReadmeDetails) => readonly string[]>> = {
  en: ({ appName, at }) => [
    `Your data at ${appName}`,
    `Exported ${at.toISOString()}. All times are in UTC.`,
    '',
    'profile.json             Your profile as it is now.',
    'roles-and-consents.json  Your roles, and how you got and lost them. The service asks for no consents, so that list is empty.',
    'sessions.json            Where you are logged in now. Past log-ins are in history.ndjson.',
    'pictures/                The squares that were made of your picture, if you have one. The file that you uploaded is kept only',
    '                         until it is processed; one that still waits is here too, as upload-1 and so on.',
    'mails.ndjson             Mails for your registration and for changes of your address. Their records are kept for 30 days. For a',
    '                         new address that you have not confirmed, they do not say whether the mail was sent.',
    'history.ndjson           Everything that happened to your account and your sessions, oldest first, and who read your history.',
    '                         Each line is one event: what changed, when, by whom, and everything else that it holds. Records of',
    '                         sessions are kept for a limited time. Passwords are left out.',
    '                         Where another person was when they acted is masked.',
    'history-proof.json       The same events as they are stored, with personal values encrypted, and the proof that none was',
    '                         changed or added later, and that none is missing before the last one of each kind. It cannot prove',
    '                         that there is no newer one. Events of the last minutes may not be proved yet. The operator can tell',
    '                         you how to verify it.',
    '',
    'Files that end with .ndjson have one JSON object on each line. What you did to other users is in their histories.',
    'Keep this file safe: it holds personal data in clear.',
  ],
  de: ({ appName, at }) => [
    `Ihre Daten bei ${appName}`,
    `Exportiert ${at.toISOString()}. Alle Zeiten sind in UTC angegeben.`,
    '',
    'profile.json             Ihr Profil, wie es jetzt ist.',
    'roles-and-consents.json  Ihre Rollen, und wie Sie sie bekommen und verloren haben. Der Dienst fragt nach keinen',
    '                         Einwilligungen; diese Liste ist deshalb leer.',
    'sessions.json            Wo Sie jetzt angemeldet sind. Frühere Anmeldungen stehen in history.ndjson.',
    'pictures/                Die Quadrate, die aus Ihrem Bild gemacht wurden, falls Sie eines haben. Die Datei, die Sie hochgeladen',
    '                         haben, bleibt nur, bis sie verarbeitet ist; eine, die noch wartet, ist auch hier, als upload-1 usw.',
    'mails.ndjson             Mails zu Ihrer Registrierung und zu Änderungen Ihrer Adresse. Aufzeichnungen über sie werden 30 Tage',
    '                         aufbewahrt. Zu einer neuen Adresse, die Sie nicht bestätigt haben, steht dort nicht, ob die Mail',
    '                         versandt wurde.',
    'history.ndjson           Alles, was mit Ihrem Konto und Ihren Sitzungen geschah, das Älteste zuerst, und wer Ihren Verlauf gelesen',
    '                         hat. Jede Zeile ist ein Ereignis: was sich geändert hat, wann, durch wen, und was sonst dazu gespeichert',
    '                         ist. Sitzungen werden nur eine begrenzte Zeit aufgezeichnet. Passwörter sind nicht enthalten.',
    '                         Von wo aus eine andere Person gehandelt hat, ist verdeckt.',
    'history-proof.json       Dieselben Ereignisse, wie sie gespeichert sind, mit verschlüsselten persönlichen Werten, und der Beweis,',
    '                         dass keines geändert oder nachträglich hinzugefügt wurde und vor dem jeweils letzten keines fehlt.',
    '                         Dass es kein neueres gibt, kann er nicht zeigen. Ereignisse der letzten Minuten sind vielleicht noch',
    '                         nicht bewiesen. Der Betreiber kann Ihnen sagen, wie der Beweis geprüft wird.',
    '',
    'Dateien mit der Endung .ndjson haben in jeder Zeile ein JSON-Objekt. Was Sie bei anderen Benutzern getan haben, steht in deren',
    'Verlauf.',
    'Bewahren Sie diese Datei sicher auf: Sie enthält persönliche Daten im Klartext.',
  ],
};
