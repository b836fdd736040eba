import type { RecordedEvent } from '@ums/contracts/events/event';
import type { Message } from '@ums/contracts/messages/message';
import { isErased } from '@ums/contracts/personal';
import { API_PREFIX } from '@ums/contracts/routes';
import { parseStream } from '@ums/contracts/streams';
import { addressMac } from '@ums/identity/addressMac';
import { registrationStatus } from '@ums/identity/vault/registrations';
import type { Outcome } from '@ums/kit/message-source/messageSource';
import { type Composed, deliverOnce } from '../mail/deliverOnce.js';
import { openedFresh } from '../mail/factAt.js';
import { greetingName } from '../mail/greetingName.js';
import type { MailDeps } from '../mail/mailDeps.js';
import { TEMPLATES } from '../mail/templates/templates.js';

/** `RegistrationRequested`: the confirmation mail, or "you already have an account" (E-03). */
export const mailConfirmation = async (deps: MailDeps, message: Message, recorded: RecordedEvent): Promise<Outcome> => {
  const about = parseStream(recorded.stream)?.id;
  if (about === undefined) return 'dead';
  const { eventId, correlationId } = message;
  return deliverOnce(deps, { eventId, about, correlationId }, () => composeConfirmation(deps, recorded));
};

/**
 * @param wished somebody asked for this mail again and the limits allowed that, so a registration that was silent is
 *   mailed, too.
 */
export const composeConfirmation = async (
  { keys, vault, addressKey, mailTokens, publicUrl }: MailDeps,
  recorded: RecordedEvent,
  wished = false,
): Promise<Composed> => {
  const fact = await openedFresh(recorded, keys);
  if ('unreadable' in fact) return { dead: fact.unreadable };
  const registration = parseStream(fact.stream);
  if (fact.type !== 'RegistrationRequested' || registration === undefined) return { dead: 'another type' };
  const { email, name } = fact.data;
  if (isErased(email) || isErased(name)) return { skip: 'ended' };

  const mac = addressMac(addressKey, email);
  const standing = await registrationStatus(vault, registration.id, mac);
  if (standing === undefined || standing.completed || standing.address === 'own') return { skip: 'ended' };
  if (standing.expired) return { skip: 'expired' };
  if (!standing.mail && !wished) return { skip: 'silent' };

  const letter = { to: email, language: 'en' } as const;
  if (standing.address === 'taken')
    return { ...letter, template: 'accountExists', content: TEMPLATES.en.accountExists({}) };
  const { expiresAt: expires } = standing;
  const token = mailTokens.issue({ purpose: 'confirm', ids: [registration.id], addressMac: mac, expires });
  const link = `${publicUrl}${API_PREFIX}/auth/confirm?token=${token}`;
  return {
    ...letter,
    template: 'confirmation',
    content: TEMPLATES.en.confirmation({ name: greetingName(name), link, expires }),
  };
};
