import type { Fact, RecordedEvent } from '@ums/contracts/events/event';
import { isErased } from '@ums/contracts/personal';
import { parseStream } from '@ums/contracts/streams';
import { addressMac } from '@ums/identity/addressMac';
import { emailChangeStatus } from '@ums/identity/vault/emailChanges';
import type { DataKeys } from '@ums/kit/sealing/dataKeys';
import type { Composition } from '../mail/deliverOnce.js';
import type { MailDefinition, MailDeps } from '../mail/mailDefinition.js';
import { mailedLink } from '../mail/mailedLink.js';
import { composeMail } from '../mail/mailTemplate.js';
import { openUncached } from '../mail/openUncached.js';
import { toMinute } from '../mail/toMinute.js';
import { userLocale } from '../mail/userLocale.js';
import { emailChangeNotice } from './emailChangeNotice.js';
import { emailTakenMail } from './emailTakenMail.js';
import { composeUndoMail } from './undoMail.js';

export interface EmailChangeDetails {
  appName: string;
  link: string;
  expires: Date;
}

type Requested = Extract<Fact, { type: 'EmailChangeRequested' }>;

/**
 * Two mails for a request of a new address: one to the new address, with the link that confirms it, and a notice to the current
 * one. A taken address gets `emailTakenMail` instead of the link. The mails to an address that is not proven have no text of
 * the requester (I-06).
 */
export const emailChangeMail: MailDefinition<EmailChangeDetails> = {
  fact: 'EmailChangeRequested',
  template: 'emailChange',
  subjects: async ({ keys }, userId, recorded) => {
    const requested = await openRequested(recorded, keys);
    return 'dead' in requested ? 'dead' : [requested.data.changeId, userId];
  },
  compose: async (deps, about, recorded) => {
    const requested = await openRequested(recorded, deps.keys);
    if ('dead' in requested) return requested;
    const { changeId, currentEmail: to } = requested.data;
    const userId = parseStream(recorded.stream)?.id ?? '';
    if (about === changeId) return composeLink(deps, userId, requested);
    return composeUndoMail(deps, emailChangeNotice, { userId, changeId, to, at: requested.metadata.at });
  },
  words: {
    en: ({ appName, link, expires }) => ({
      subject: 'Confirm your new e-mail address',
      body: [
        'Hello,',
        `You or someone else asked to use this e-mail address for an account at ${appName}. To confirm the address, open this page and enter the password of the account:`,
        { link, label: 'Confirm the new address' },
        `The link works until ${toMinute(expires, 'en')}. If you did not ask for this, please ignore this mail: nothing changes without the link and the password.`,
      ],
    }),
    de: ({ appName, link, expires }) => ({
      subject: 'Bestätigen Sie Ihre neue E-Mail-Adresse',
      body: [
        'Guten Tag,',
        `Sie oder jemand anderes möchte diese E-Mail-Adresse für ein Konto bei ${appName} verwenden. Um die Adresse zu bestätigen, öffnen Sie diese Seite und geben Sie das Passwort des Kontos ein:`,
        { link, label: 'Neue Adresse bestätigen' },
        `Der Link gilt bis zum ${toMinute(expires, 'de')}. Falls Sie das nicht veranlasst haben, ignorieren Sie diese Mail bitte: Ohne den Link und das Passwort ändert sich nichts.`,
      ],
    }),
  },
};

const openRequested = async (recorded: RecordedEvent, keys: DataKeys): Promise<Requested | { dead: string }> => {
  const fact = await openUncached(recorded, keys);
  if ('unreadable' in fact) return { dead: fact.unreadable };
  return fact.type === 'EmailChangeRequested' ? fact : { dead: 'another type' };
};

const composeLink = async (
  deps: MailDeps,
  userId: string,
  { data: { changeId, email } }: Requested,
): Promise<Composition> => {
  if (isErased(email)) return { skip: 'ended' };
  const status = await emailChangeStatus(deps.vault, changeId);
  if (status === undefined) return { skip: 'ended' };
  if (status.expired) return { skip: 'expired' };
  if (!status.mail) return { skip: 'silent' };
  const { appName } = deps.brand;
  const recipient = { to: email, locale: await userLocale(deps.eventLog, userId) };
  if (status.isTaken) return composeMail(emailTakenMail, recipient, { appName });
  const mac = addressMac(deps.addressKey, email);
  const { expiresAt: expires } = status;
  const link = mailedLink(deps, { purpose: 'change', ids: [userId, changeId], addressMac: mac, expires });
  return composeMail(emailChangeMail, recipient, { appName, link, expires });
};
