import { hasPassed } from '@ums/identity/vault/hasPassed';
import { addressAt } from '../mail/addressAt.js';
import type { MailDefinition } from '../mail/mailDefinition.js';
import { composeMail } from '../mail/mailTemplate.js';
import { openUncached } from '../mail/openUncached.js';
import { toMinute } from '../mail/toMinute.js';
import { userLocale } from '../mail/userLocale.js';

export interface PasswordChangedDetails {
  appName: string;
  changedAt: Date;
}

/** Also late, the mail tells of a thief. After a week, it would only confuse. */
const LIFE_MS = 7 * 86_400_000;

/**
 * Tells a user that the password was changed. It goes to the address that the account had then: whoever took over the account
 * cannot redirect it. No mail limit holds it back, so that what others request does not hide a change.
 */
export const passwordChangedMail: MailDefinition<PasswordChangedDetails> = {
  fact: 'PasswordChanged',
  template: 'passwordChanged',
  compose: async (deps, userId, recorded) => {
    const fact = await openUncached(recorded, deps.keys);
    if ('unreadable' in fact) return { dead: fact.unreadable };
    if (fact.type !== 'PasswordChanged') return { dead: 'another type' };
    const recipient = await addressAt(deps, recorded.stream, recorded.revision);
    if ('dead' in recipient) return recipient;
    if ('erased' in recipient) return { skip: 'ended' };
    const changedAt = new Date(fact.metadata.at);
    if (await hasPassed(deps.vault, new Date(changedAt.getTime() + LIFE_MS))) return { skip: 'expired' };
    const locale = await userLocale(deps.eventLog, userId);
    return composeMail(
      passwordChangedMail,
      { to: recipient.email, locale },
      { appName: deps.brand.appName, changedAt },
    );
  },
  words: {
    en: ({ appName, changedAt }) => ({
      subject: 'Your password was changed',
      body: [
        'Hello,',
        `The password of your account at ${appName} was changed on ${toMinute(changedAt, 'en')}. All other devices were logged out.`,
        'If it was you, you do not need to do anything. If it was not you, someone else may use your account: ask for a new password at once, where you log in, with this e-mail address.',
      ],
    }),
    de: ({ appName, changedAt }) => ({
      subject: 'Ihr Passwort wurde geändert',
      body: [
        'Guten Tag,',
        `Das Passwort Ihres Kontos bei ${appName} wurde am ${toMinute(changedAt, 'de')} geändert. Alle anderen Geräte wurden abgemeldet.`,
        'Falls Sie das selbst waren, brauchen Sie nichts zu tun. Falls nicht, benutzt vielleicht jemand anderes Ihr Konto: Fordern Sie sofort dort, wo Sie sich anmelden, mit dieser E-Mail-Adresse ein neues Passwort an.',
      ],
    }),
  },
};
