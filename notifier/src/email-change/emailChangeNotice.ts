import type { MailTemplate } from '../mail/mailTemplate.js';
import { toMinute } from '../mail/toMinute.js';
import type { UndoDetails } from './undoMail.js';

/** Tells the owner of the current address that another one was asked for. It does not name the other one. */
export const emailChangeNotice: MailTemplate<UndoDetails> = {
  template: 'emailChangeNotice',
  words: {
    en: ({ appName, link, expires }) => ({
      subject: 'Your account may get a new e-mail address',
      body: [
        'Hello,',
        `Someone with your password asked to change the e-mail address of your account at ${appName}. Until the new address is confirmed, nothing changes.`,
        'If it was you, you do not need to do anything. If it was not you, open this page and refuse the change; all devices are logged out then:',
        { link, label: 'Refuse the change' },
        `The link works until ${toMinute(expires, 'en')}, also after the new address is confirmed.`,
      ],
    }),
    de: ({ appName, link, expires }) => ({
      subject: 'Ihr Konto soll eine neue E-Mail-Adresse bekommen',
      body: [
        'Guten Tag,',
        `Ihr Konto bei ${appName} soll eine neue E-Mail-Adresse bekommen; beantragt wurde das mit Ihrem Passwort. Solange die neue Adresse nicht bestätigt ist, ändert sich nichts.`,
        'Falls Sie das selbst waren, brauchen Sie nichts zu tun. Falls nicht, öffnen Sie diese Seite und lehnen Sie die Änderung ab; dabei werden alle Geräte abgemeldet:',
        { link, label: 'Änderung ablehnen' },
        `Der Link gilt bis zum ${toMinute(expires, 'de')}, auch nachdem die neue Adresse bestätigt wurde.`,
      ],
    }),
  },
};
