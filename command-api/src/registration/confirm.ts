import { isErased } from '@ums/contracts/personal';
import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import type { RegistrationWithOwner } from '../account/registrationRow.js';
import { withVerifiedPassword } from '../credentials/verifyPassword.js';
import { userIdOf } from '../user/derivedIds.js';
import { existingUser, loadUser, passwordHashOf } from '../user/loadUser.js';
import { AddressTaken, claimRegistration } from './claimRegistration.js';
import { type CompletedRegistration, completeFirst, completeRegistration } from './completeRegistration.js';
import { loadRegistration, type RequestedFact, requestedFact } from './loadRegistration.js';
import type { RegistrationDeps } from './registrationDeps.js';
import { verifiedRegistration } from './verifiedRegistration.js';

interface ConfirmRequest {
  token: string;
  password: string;
}

/**
 * Turns a registration into a user. The mailed token proves control of the address. The password is needed too, because
 * the token alone does not prove who chose the password (E-06). Until the registration expires, a repeat gets the same
 * answer. When another registration won the address, the token and the password of that account get the same answer too:
 * the mailbox is proven, and nothing changes.
 *
 * @throws Refused `token-invalid` (the same for malformed, expired and foreign tokens, and when another registration won
 * the address and the password is not that account's), `password-invalid`, `too-many-attempts`, `busy`; LogUnavailable.
 */
export const confirm = async (
  deps: RegistrationDeps,
  request: ConfirmRequest,
  origin: RequestOrigin,
): Promise<CompletedRegistration> => {
  try {
    return await confirmOnce(deps, request, origin);
  } catch (error) {
    if (!(error instanceof AddressTaken)) throw error;
    // Another registration claimed the address during the attempt, so its account's password is the one that counts.
    return confirmOnce(deps, request, origin);
  }
};

const confirmOnce = async (
  deps: RegistrationDeps,
  { token, password }: ConfirmRequest,
  origin: RequestOrigin,
): Promise<CompletedRegistration> => {
  const registration = await verifiedRegistration(deps, token);
  const winner = winnerOver(registration);
  const registrationId = winner?.registrationId ?? registration.id;
  const userId = userIdOf(registrationId);
  let requested: RequestedFact | undefined;
  const verifying = {
    ...{ addressMac: registration.addressMac, source: origin.source.bucket, password },
    ...{ proof: 'link' as const, purpose: 'confirmation' as const },
    storedHash: async () => {
      const found = await findHash(deps, registrationId, userId);
      requested = found.requested;
      return found.hash;
    },
  };
  const completed = await withVerifiedPassword(deps, verifying, async (attempt) => {
    const cause = causedBy(origin, { kind: 'user', id: userId });
    if (winner !== undefined) {
      await attempt.clear();
      if (winner.status !== 'registering') return completedEarlier(deps, userId);
      return completeRegistration(deps, registrationId, cause);
    }
    const claim = await claimRegistration(deps, registrationId, attempt);
    deps.crashPoint?.('registration-claimed');
    if (claim.completed) return completedEarlier(deps, userId);
    if (claim.dataKey === undefined || requested === undefined)
      return completeRegistration(deps, registrationId, cause);
    return completeFirst(deps, { registrationId, requested, dataKey: claim.dataKey, buckets: attempt }, cause);
  });
  if (completed === undefined) throw new Refused(winner === undefined ? 'password-invalid' : 'token-invalid');
  return completed;
};

/** The account of another registration that has the address. Once completed, a registration has its own account for good. */
const winnerOver = ({ id, completed, owner }: RegistrationWithOwner): RegistrationWithOwner['owner'] =>
  completed || owner?.registrationId === id ? undefined : owner;

/**
 * The hash of the user, or of the registration while there is no user. Then `requested` is what the user is registered with.
 *
 * @throws Refused `token-invalid` without either
 */
const findHash = async (
  deps: RegistrationDeps,
  registrationId: string,
  userId: string,
): Promise<{ hash: string; requested?: RequestedFact }> => {
  const current = await currentHash(deps, userId);
  if (current !== undefined) return { hash: current };
  const requested = requestedFact(await loadRegistration(deps, registrationId));
  if (requested === undefined) throw new Refused('token-invalid');
  const chosen = requested.data.passwordHash;
  if (!isErased(chosen)) return { hash: chosen, requested };
  // Erased means that the registration was completed since the user's stream was read, so the user exists now.
  const hash = await currentHash(deps, userId);
  if (hash === undefined) throw new Refused('token-invalid');
  return { hash };
};

/** `undefined` while there is no user. @throws Refused `token-invalid` for an erased user */
const currentHash = async (deps: RegistrationDeps, userId: string): Promise<string | undefined> => {
  const user = existingUser(await loadUser(deps, userId));
  if (user === undefined) return undefined;
  const hash = passwordHashOf(user);
  if (hash === undefined) throw new Refused('token-invalid');
  return hash;
};

const completedEarlier = async (deps: RegistrationDeps, userId: string): Promise<CompletedRegistration> => {
  const user = existingUser(await loadUser(deps, userId));
  if (user === undefined || user.state.status === 'erased') throw new Refused('token-invalid');
  return { userId, revision: user.revision, position: user.position };
};
