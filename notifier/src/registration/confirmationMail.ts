import type { RecordedEvent } from '@ums/contracts/events/event';
import { isErased } from '@ums/contracts/personal';
import { API_PREFIX } from '@ums/contracts/routes';
import { addressMac } from '@ums/identity/addressMac';
import { registrationStatus } from '@ums/identity/vault/registrations';
import type { Composition } from '../mail/deliverOnce.js';
import { greetingName } from '../mail/greetingName.js';
import type { MailDefinition, MailDeps } from '../mail/mailDefinition.js';
import { composeMail } from '../mail/mailTemplate.js';
import { openUncached } from '../mail/readRecorded.js';
import { accountExistsMail } from './accountExistsMail.js';

export interface ConfirmationDetails {
  name: string | undefined;
  link: string;
  expires: Date;
}

/** Asks for confirmation of the address. A taken address gets `accountExistsMail` instead (E-03). */
export const confirmationMail: MailDefinition<ConfirmationDetails> = {
  fact: 'RegistrationRequested',
  template: 'confirmation',
  compose: (deps, registrationId, recorded) =>
    composeConfirmation(deps, registrationId, recorded, { requested: false }),
  words: {
    en: ({ name, link, expires }) => ({
      subject: 'Confirm your e-mail address',
      body: [
        name === undefined ? 'Hello,' : `Hello ${name},`,
        'You or someone else asked for an account with this e-mail address. To confirm the address, open this page and enter the password that was chosen for the account:',
        { link },
        `The link works until ${toMinute(expires)}. If you did not ask for an account, please ignore this mail: no account is created without the link and the password.`,
      ],
    }),
  },
};

/** @param requested a mail request asks for this mail, so registrations over the mail limit get it too. */
export const composeConfirmation = async (
  { keys, vault, addressKey, mailTokens, publicUrl }: MailDeps,
  registrationId: string,
  recorded: RecordedEvent,
  { requested }: { requested: boolean },
): Promise<Composition> => {
  const fact = await openUncached(recorded, keys);
  if ('unreadable' in fact) return { dead: fact.unreadable };
  if (fact.type !== 'RegistrationRequested') return { dead: 'another type' };
  const { email, name } = fact.data;
  if (isErased(email) || isErased(name)) return { skip: 'ended' };

  const mac = addressMac(addressKey, email);
  const status = await registrationStatus(vault, registrationId, mac);
  if (status === undefined || status.completed || status.address === 'own') return { skip: 'ended' };
  if (status.expired) return { skip: 'expired' };
  if (!status.mail && !requested) return { skip: 'silent' };

  if (status.address === 'taken') return composeMail(accountExistsMail, { to: email }, {});
  const { expiresAt: expires } = status;
  const token = mailTokens.issue({ purpose: 'confirm', ids: [registrationId], addressMac: mac, expires });
  const link = `${publicUrl}${API_PREFIX}/auth/confirm?token=${token}`;
  return composeMail(confirmationMail, { to: email }, { name: greetingName(name), link, expires });
};

/** In UTC, because the recipient's time zone is unknown. */
const toMinute = (time: Date): string => `${time.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
