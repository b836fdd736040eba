import type { RecordedEvent } from '@ums/contracts/events/event';
import { isErased } from '@ums/contracts/personal';
import { addressMac } from '@ums/identity/addressMac';
import { registrationStatus } from '@ums/identity/vault/registrations';
import type { Composition } from '../mail/deliverOnce.js';
import type { MailDefinition, MailDeps } from '../mail/mailDefinition.js';
import { mailedLink } from '../mail/mailedLink.js';
import { composeMail } from '../mail/mailTemplate.js';
import { openUncached } from '../mail/openUncached.js';
import { toMinute } from '../mail/toMinute.js';
import { accountExistsMail } from './accountExistsMail.js';
import { addressReservedMail } from './addressReservedMail.js';

export interface ConfirmationDetails {
  appName: string;
  link: string;
  expires: Date;
}

/**
 * Asks for confirmation of the address. A taken address gets `accountExistsMail` instead (E-03). It has no text of the
 * requester, not even the name: anyone can register any address, and the address is not proven yet (I-06). Its language is
 * that of the request to register.
 */
export const confirmationMail: MailDefinition<ConfirmationDetails> = {
  fact: 'RegistrationRequested',
  template: 'confirmation',
  compose: (deps, registrationId, recorded) =>
    composeConfirmation(deps, registrationId, recorded, { requested: false }),
  words: {
    en: ({ appName, link, expires }) => ({
      subject: 'Confirm your e-mail address',
      body: [
        'Hello,',
        `You or someone else asked for an account at ${appName} with this e-mail address. To confirm the address, open this page and enter the password that was chosen for the account, or choose a new one there:`,
        { link, label: 'Confirm the address' },
        `The link works until ${toMinute(expires, 'en')}. If you did not ask for an account, please ignore this mail: no account is created without the link.`,
      ],
    }),
    de: ({ appName, link, expires }) => ({
      subject: 'Bestätigen Sie Ihre E-Mail-Adresse',
      body: [
        'Guten Tag,',
        `Sie oder jemand anderes hat mit dieser E-Mail-Adresse ein Konto bei ${appName} beantragt. Um die Adresse zu bestätigen, öffnen Sie diese Seite und geben Sie das Passwort ein, das für das Konto gewählt wurde, oder wählen Sie dort ein neues:`,
        { link, label: 'Adresse bestätigen' },
        `Der Link gilt bis zum ${toMinute(expires, 'de')}. Falls Sie kein Konto beantragt haben, ignorieren Sie diese Mail bitte: Ohne den Link wird kein Konto angelegt.`,
      ],
    }),
  },
};

/** @param requested a mail request asks for this mail, so registrations over the mail limit get it too. */
export const composeConfirmation = async (
  deps: MailDeps,
  registrationId: string,
  recorded: RecordedEvent,
  { requested }: { requested: boolean },
): Promise<Composition> => {
  const { keys, vault, addressKey } = deps;
  const { appName } = deps.brand;
  const fact = await openUncached(recorded, keys);
  if ('unreadable' in fact) return { dead: fact.unreadable };
  if (fact.type !== 'RegistrationRequested') return { dead: 'another type' };
  const { email: to, locale } = fact.data;
  if (isErased(to)) return { skip: 'ended' };

  const mac = addressMac(addressKey, to);
  const status = await registrationStatus(vault, registrationId, mac);
  if (status?.withLink && !requested) return { isDue: false };
  if (status === undefined || status.completed || status.address === 'own') return { skip: 'ended' };
  if (status.expired) return { skip: 'expired' };
  if (!status.mail && !requested) return { skip: 'silent' };

  // With the status, so that a registration costs no further statement.
  const recipient = { to, locale, isBlocked: status.isBlocked };
  if (status.address === 'taken') return composeMail(accountExistsMail, recipient, { appName });
  if (status.address === 'reserved') return composeMail(addressReservedMail, recipient, { appName });
  const { expiresAt: expires } = status;
  const link = mailedLink(deps, { purpose: 'confirm', ids: [registrationId], addressMac: mac, expires });
  return composeMail(confirmationMail, recipient, { appName, link, expires });
};
