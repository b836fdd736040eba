import { addressMac } from '@ums/identity/addressMac';
import { isMailBlocked } from '@ums/identity/vault/mailBlocks';
import type { Composition } from './deliverOnce.js';
import type { MailDeps } from './mailDefinition.js';

/**
 * The composition, or `undeliverable` if its recipient gets no mail: an earlier one came back, or the recipient complained (F-26).
 * The block may be newer than the request for the mail, so this comes last.
 */
export const unlessBlocked = async (
  { vault, addressKey }: Pick<MailDeps, 'vault' | 'addressKey'>,
  composition: Composition,
): Promise<Composition> => {
  if (!('to' in composition)) return composition;
  const isBlocked = composition.isBlocked ?? (await isMailBlocked(vault, addressMac(addressKey, composition.to)));
  return isBlocked ? { skip: 'undeliverable' } : composition;
};
