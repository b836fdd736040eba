import { isErased } from '@ums/contracts/personal';
import { addressMac } from '@ums/identity/addressMac';
import { hasPassed } from '@ums/identity/vault/hasPassed';
import { isActiveUser } from '@ums/identity/vault/isActiveUser';
import type { MailDefinition } from '../mail/mailDefinition.js';
import { mailedLink } from '../mail/mailedLink.js';
import { composeMail } from '../mail/mailTemplate.js';
import { openUncached } from '../mail/openUncached.js';
import { toMinute } from '../mail/toMinute.js';
import { userLocale } from '../mail/userLocale.js';

export interface EmailChangeUndoneDetails {
  appName: string;
  /** Sets a new password; `undefined` while the user is suspended. */
  link: string | undefined;
  expires: Date;
}

const LINK_LIFE_MS = 3_600_000;

/**
 * Tells a user that a change of the address was undone, with a link that sets a new password: the change was asked for with the
 * old one, so another person may know it. The undoing is a cut and sets the address, so the link names its revision.
 */
export const emailChangeUndoneMail: MailDefinition<EmailChangeUndoneDetails> = {
  fact: 'EmailChangeUndone',
  template: 'emailChangeUndone',
  compose: async (deps, userId, recorded) => {
    const fact = await openUncached(recorded, deps.keys);
    if ('unreadable' in fact) return { dead: fact.unreadable };
    if (fact.type !== 'EmailChangeUndone') return { dead: 'another type' };
    const { email: to } = fact.data;
    if (isErased(to)) return { skip: 'ended' };
    const expires = new Date(Date.parse(fact.metadata.at) + LINK_LIFE_MS);
    if (await hasPassed(deps.vault, expires)) return { skip: 'expired' };
    const mac = addressMac(deps.addressKey, to);
    const token = { purpose: 'reset' as const, ids: [userId], addressMac: mac, expires, epoch: recorded.revision };
    const link = (await isActiveUser(deps.vault, userId)) ? mailedLink(deps, token) : undefined;
    const locale = await userLocale(deps.eventLog, userId);
    return composeMail(emailChangeUndoneMail, { to, locale }, { appName: deps.brand.appName, link, expires });
  },
  words: {
    en: ({ appName, link, expires }) => ({
      subject: 'Your account has this e-mail address',
      body: [
        'Hello,',
        `The change of the e-mail address of your account at ${appName} was refused or undone. The account has the address that got this mail. All devices are logged out.`,
        ...(link === undefined
          ? ['The account is suspended, so its password cannot be changed now.']
          : [
              'If you did not ask for the change, someone else knows your password. Open this page and choose a new one:',
              { link, label: 'Choose a new password' },
              `The link works once, until ${toMinute(expires, 'en')}. After that, ask for a new one where you log in.`,
            ]),
      ],
    }),
    de: ({ appName, link, expires }) => ({
      subject: 'Ihr Konto hat diese E-Mail-Adresse',
      body: [
        'Guten Tag,',
        `Die Änderung der E-Mail-Adresse Ihres Kontos bei ${appName} wurde abgelehnt oder rückgängig gemacht. Das Konto hat die Adresse, an die diese Mail geht. Alle Geräte sind abgemeldet.`,
        ...(link === undefined
          ? ['Das Konto ist gesperrt; deshalb kann sein Passwort jetzt nicht geändert werden.']
          : [
              'Falls Sie die Änderung nicht beantragt haben, kennt jemand anderes Ihr Passwort. Öffnen Sie diese Seite und wählen Sie ein neues:',
              { link, label: 'Neues Passwort wählen' },
              `Der Link gilt einmal, bis zum ${toMinute(expires, 'de')}. Danach fordern Sie dort, wo Sie sich anmelden, einen neuen an.`,
            ]),
      ],
    }),
  },
};
