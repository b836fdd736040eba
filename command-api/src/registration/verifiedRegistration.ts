import { Refused } from '@ums/kit/refused';
import { findRegistration, type RegistrationWithOwner } from '../account/registrationRow.js';
import type { RegistrationDeps } from './registrationDeps.js';

/**
 * The registration that a mailed link is for, completed or not.
 *
 * @throws Refused `token-invalid`, the same for malformed, expired and foreign tokens (E-04)
 */
export const verifiedRegistration = async (
  deps: Pick<RegistrationDeps, 'vault' | 'clock' | 'mailTokens'>,
  text: string,
): Promise<RegistrationWithOwner> => {
  const now = deps.clock.now();
  const token = deps.mailTokens.read(text);
  const [id] = token?.ids ?? [];
  if (token?.purpose !== 'confirm' || id === undefined || token.expires <= now) throw new Refused('token-invalid');
  const registration = await findRegistration(deps.vault, id, now);
  if (registration === undefined || !registration.linkMacs.some((mac) => deps.mailTokens.verify(text, mac)))
    throw new Refused('token-invalid');
  return registration;
};
