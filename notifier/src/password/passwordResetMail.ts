import { userStream } from '@ums/contracts/streams';
import { addressMac } from '@ums/identity/addressMac';
import type { ResetTarget } from '@ums/identity/vault/passwordResets';
import { addressAt } from '../mail/addressAt.js';
import type { Composition } from '../mail/deliverOnce.js';
import type { MailDeps } from '../mail/mailDefinition.js';
import { mailedLink } from '../mail/mailedLink.js';
import { composeMail, type MailTemplate } from '../mail/mailTemplate.js';
import { toMinute } from '../mail/toMinute.js';
import { userLocale } from '../mail/userLocale.js';
import { resetRefusedMail } from './resetRefusedMail.js';

export interface PasswordResetDetails {
  appName: string;
  link: string;
  expires: Date;
}

/** The link with which a user who has forgotten the password sets a new one. */
export const passwordResetMail: MailTemplate<PasswordResetDetails> = {
  template: 'passwordReset',
  words: {
    en: ({ appName, link, expires }) => ({
      subject: 'Choose a new password',
      body: [
        'Hello,',
        `You or someone else asked for a new password for your account at ${appName}. To choose one, open this page:`,
        { link, label: 'Choose a new password' },
        `The link works once, until ${toMinute(expires, 'en')}. If you did not ask for this, please ignore this mail: without the link, your password stays as it is.`,
      ],
    }),
    de: ({ appName, link, expires }) => ({
      subject: 'Wählen Sie ein neues Passwort',
      body: [
        'Guten Tag,',
        `Sie oder jemand anderes hat ein neues Passwort für Ihr Konto bei ${appName} angefordert. Um eines zu wählen, öffnen Sie diese Seite:`,
        { link, label: 'Neues Passwort wählen' },
        `Der Link gilt einmal, bis zum ${toMinute(expires, 'de')}. Falls Sie das nicht veranlasst haben, ignorieren Sie diese Mail bitte: Ohne den Link bleibt Ihr Passwort, wie es ist.`,
      ],
    }),
  },
};

/**
 * The mail goes to the address in the log, not to the one that was typed (E-08). Between two requests the address may have
 * changed; then the link would not work, and no mail is sent.
 */
export const composeReset = async (
  deps: MailDeps,
  { userId, status, epoch, addressMac: mac, expiresAt: expires }: ResetTarget,
): Promise<Composition> => {
  const found = await addressAt(deps, userStream(userId));
  if ('dead' in found) return found;
  if ('erased' in found || !addressMac(deps.addressKey, found.email).equals(mac)) return { skip: 'ended' };
  const { appName } = deps.brand;
  const recipient = { to: found.email, locale: await userLocale(deps.eventLog, userId) };
  if (status === 'suspended') return composeMail(resetRefusedMail, recipient, { appName });
  const link = mailedLink(deps, { purpose: 'reset', ids: [userId], addressMac: mac, expires, epoch });
  return composeMail(passwordResetMail, recipient, { appName, link, expires });
};
