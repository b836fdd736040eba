import { isErased, type Personal } from '@ums/contracts/personal';
import { undoUntil } from '@ums/contracts/undoUntil';
import { addressMac } from '@ums/identity/addressMac';
import { hasPassed } from '@ums/identity/vault/hasPassed';
import type { Composition } from '../mail/deliverOnce.js';
import type { MailDeps } from '../mail/mailDefinition.js';
import { mailedLink } from '../mail/mailedLink.js';
import { composeMail, type MailTemplate } from '../mail/mailTemplate.js';
import { userLocale } from '../mail/userLocale.js';

export interface UndoDetails {
  appName: string;
  link: string;
  expires: Date;
}

export interface UndoableChange {
  userId: string;
  changeId: string;
  /** The address before the change. */
  to: Personal;
  /** When the change was requested or confirmed, ISO 8601. */
  at: string;
}

/**
 * A mail to the address before a change, with a link that undoes the change. No mail limit holds it back: requests count for
 * this address, but what others request must not hide a change from its owner.
 */
export const composeUndoMail = async (
  deps: MailDeps,
  template: MailTemplate<UndoDetails>,
  { userId, changeId, to, at }: UndoableChange,
): Promise<Composition> => {
  if (isErased(to)) return { skip: 'ended' };
  const expires = undoUntil(at);
  if (await hasPassed(deps.vault, expires)) return { skip: 'expired' };
  const mac = addressMac(deps.addressKey, to);
  const link = mailedLink(deps, { purpose: 'undo', ids: [userId, changeId], addressMac: mac, expires });
  const locale = await userLocale(deps.eventLog, userId);
  return composeMail(template, { to, locale }, { appName: deps.brand.appName, link, expires });
};
