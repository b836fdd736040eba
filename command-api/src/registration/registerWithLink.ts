import type { Locale } from '@ums/contracts/locale';
import { isErased } from '@ums/contracts/personal';
import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import { withdrawRegistration } from '../account/registrationRemoval.js';
import { addUnmailed, type RegistrationRow } from '../account/registrationRow.js';
import { accountNameOf } from '../limits/buckets.js';
import { userIdOf } from '../user/derivedIds.js';
import { AddressTaken, claimRegistration } from './claimRegistration.js';
import { type CompletedRegistration, completeRegistration } from './completeRegistration.js';
import { confirm } from './confirm.js';
import { loadRegistration, requestedFact } from './loadRegistration.js';
import type { RegistrationDeps } from './registrationDeps.js';
import { registrationInput } from './registrationInput.js';
import { storeRegistration } from './storeRegistration.js';
import { verifiedRegistration } from './verifiedRegistration.js';

interface LinkedRequest {
  token: string;
  name: string;
  newPassword: string;
}

/**
 * Registers the address that a mailed link proves, with a name and a password that are chosen with the link, and confirms it at
 * once. Nothing of the registration that the link was mailed for counts: strangers may have made it, and used up the mails of the
 * address with it. So the owner of the mailbox can use any of these mails, and strangers gain nothing by their registrations (E-06).
 *
 * An account that the address has by then is not changed. With its password as the new one, as in a repeat, the answer is the same.
 *
 * @throws Refused `validation-failed` for the fields `name` and `newPassword`; `token-invalid`, also for an address with an account
 * that has another password; `too-many-attempts`, `busy`; LogUnavailable.
 */
export const registerWithLink = async (
  deps: RegistrationDeps,
  request: LinkedRequest,
  origin: RequestOrigin,
  locale: Locale,
): Promise<CompletedRegistration> => {
  const link = await verifiedRegistration(deps, request.token);
  if (link.completed || link.isHeld || link.owner !== undefined) return registeredEarlier(deps, request, origin);
  try {
    return await registerAnew(deps, link, request, origin, locale);
  } catch (error) {
    if (!(error instanceof AddressTaken)) throw error;
    return registeredEarlier(deps, request, origin);
  }
};

const registerAnew = async (
  deps: RegistrationDeps,
  { id, addressMac }: RegistrationRow,
  { name: chosenName, newPassword }: LinkedRequest,
  origin: RequestOrigin,
  locale: Locale,
): Promise<CompletedRegistration> => {
  const proven = requestedFact(await loadRegistration(deps, id))?.data.email;
  if (proven === undefined || isErased(proven)) throw new Refused('token-invalid');
  const chosen = { email: proven, name: chosenName, password: newPassword };
  const { email, name, password } = registrationInput(deps.passwords, chosen, 'newPassword');
  const source = origin.source.bucket;
  const passwordHash = await deps.passwords.hash(password, { purpose: 'confirmation', source });
  const registration = await storeRegistration(deps, { email, name, passwordHash, locale }, origin, async (row) => {
    await addUnmailed(deps.vault, row);
    return undefined;
  });
  try {
    await claimRegistration(deps, registration.id);
  } catch (error) {
    if (!(error instanceof AddressTaken)) throw error;
    // No mail has its link, and no limit counts it: rows like it would add up.
    await withdrawRegistration(deps.vault, registration.id);
    throw error;
  }
  deps.crashPoint?.('registration-claimed');
  const cause = causedBy(origin, { kind: 'user', id: userIdOf(registration.id) });
  const completed = await completeRegistration(deps, registration.id, cause);
  // As after a confirmation with the password.
  await deps.limits.trustSource({ account: accountNameOf(addressMac), source }, completed.userId);
  return completed;
};

const registeredEarlier = async (
  deps: RegistrationDeps,
  { token, newPassword }: LinkedRequest,
  origin: RequestOrigin,
): Promise<CompletedRegistration> => {
  try {
    return await confirm(deps, { token, password: newPassword }, origin);
  } catch (error) {
    // The password of an account was not asked for, but a new one for an address without one.
    if (error instanceof Refused && error.slug === 'password-invalid') throw new Refused('token-invalid');
    throw error;
  }
};
