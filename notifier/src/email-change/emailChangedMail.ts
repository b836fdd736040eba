import type { MailDefinition } from '../mail/mailDefinition.js';
import { openUncached } from '../mail/openUncached.js';
import { toMinute } from '../mail/toMinute.js';
import { composeUndoMail, type UndoDetails } from './undoMail.js';

/** Tells the owner of the previous address that the account has another one now. */
export const emailChangedMail: MailDefinition<UndoDetails> = {
  fact: 'EmailChanged',
  template: 'emailChanged',
  compose: async (deps, userId, recorded) => {
    const fact = await openUncached(recorded, deps.keys);
    if ('unreadable' in fact) return { dead: fact.unreadable };
    if (fact.type !== 'EmailChanged') return { dead: 'another type' };
    const { changeId, previousEmail: to } = fact.data;
    return composeUndoMail(deps, emailChangedMail, { userId, changeId, to, at: fact.metadata.at });
  },
  words: {
    en: ({ appName, link, expires }) => ({
      subject: 'Your account has a new e-mail address',
      body: [
        'Hello,',
        `The e-mail address of your account at ${appName} was changed. You can no longer log in with this address.`,
        'If it was you, you do not need to do anything. If it was not you, open this page and get this address back; all devices are logged out then:',
        { link, label: 'Get this address back' },
        `The link works until ${toMinute(expires, 'en')}.`,
      ],
    }),
    de: ({ appName, link, expires }) => ({
      subject: 'Ihr Konto hat eine neue E-Mail-Adresse',
      body: [
        'Guten Tag,',
        `Ihr Konto bei ${appName} hat eine neue E-Mail-Adresse. Mit der bisherigen Adresse, an die diese Mail geht, können Sie sich nicht mehr anmelden.`,
        'Falls Sie das selbst waren, brauchen Sie nichts zu tun. Falls nicht, öffnen Sie diese Seite und holen Sie sich die bisherige Adresse zurück; dabei werden alle Geräte abgemeldet:',
        { link, label: 'Bisherige Adresse zurückholen' },
        `Der Link gilt bis zum ${toMinute(expires, 'de')}.`,
      ],
    }),
  },
};
