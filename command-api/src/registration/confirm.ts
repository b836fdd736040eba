import type { ConfirmRequest } from '@ums/contracts/http/registration';
import { isErased } from '@ums/contracts/personal';
import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import type { CommandDeps } from '../commandDeps.js';
import { accountNameOf } from '../limits/buckets.js';
import { loadUser } from '../user/loadUser.js';
import { claimRegistration } from './claimRegistration.js';
import { type CompletedRegistration, completeRegistration } from './completeRegistration.js';
import { userIdOf } from './derivedIds.js';
import { loadRegistration } from './loadRegistration.js';
import { findRegistration, type RegistrationRow } from './registrationRow.js';

/**
 * Turns a registration into a user. The mailed token proves control of the address. The password is needed too, because
 * the token alone does not prove who chose the password (E-06). Until the registration expires, a repeat gets the same
 * answer.
 *
 * @throws Refused `token-invalid` (the same for malformed, expired and foreign tokens, and when another registration won
 * the address), `password-invalid`, `too-many-attempts`, `busy`; LogUnavailable.
 */
export const confirm = async (
  deps: CommandDeps,
  { token, password }: ConfirmRequest,
  origin: RequestOrigin,
): Promise<CompletedRegistration> => {
  const registration = await verifiedRegistration(deps, token);
  const userId = userIdOf(registration.id);
  const source = origin.source.bucket;
  const matches = await deps.limits.attempt({ account: accountNameOf(registration.addressMac), source }, async () => {
    const stored = await passwordHashOf(deps, registration.id, userId);
    return deps.passwords.verify(password, stored, { purpose: 'confirmation', source });
  });
  if (!matches) throw new Refused('password-invalid');
  const alreadyCompleted = await claimRegistration(deps, registration.id);
  deps.crashPoint?.('registration-claimed');
  if (alreadyCompleted) return completedEarlier(deps, userId);
  return completeRegistration(deps, registration.id, causedBy(origin, { kind: 'user', id: userId }));
};

const verifiedRegistration = async (deps: CommandDeps, text: string): Promise<RegistrationRow> => {
  const now = deps.clock.now();
  const token = deps.mailTokens.read(text);
  const [id] = token?.ids ?? [];
  if (token?.purpose !== 'confirm' || id === undefined || token.expires <= now) throw new Refused('token-invalid');
  const registration = await findRegistration(deps.vault, id, now);
  if (registration === undefined || !deps.mailTokens.verify(text, registration.addressMac))
    throw new Refused('token-invalid');
  return registration;
};

/** The hash of the user, or of the registration while there is no user. @throws Refused `token-invalid` without either */
const passwordHashOf = async (deps: CommandDeps, registrationId: string, userId: string): Promise<string> => {
  const current = await currentHash(deps, userId);
  if (current !== undefined) return current;
  const { facts } = await loadRegistration(deps, registrationId);
  const chosen = facts.find((fact) => fact.type === 'RegistrationRequested')?.data.passwordHash;
  // Erased means that the registration was completed since the user's stream was read, so the user exists now.
  const hash = chosen === undefined || !isErased(chosen) ? chosen : await currentHash(deps, userId);
  if (hash === undefined) throw new Refused('token-invalid');
  return hash;
};

const currentHash = async (deps: CommandDeps, userId: string): Promise<string | undefined> => {
  const { state } = await loadUser(deps, userId);
  if (state.status === 'unknown') return undefined;
  if (state.status === 'erased' || isErased(state.passwordHash)) throw new Refused('token-invalid');
  return state.passwordHash;
};

const completedEarlier = async (deps: CommandDeps, userId: string): Promise<CompletedRegistration> => {
  const { revision, position, state } = await loadUser(deps, userId);
  if (revision === undefined || position === undefined || state.status === 'erased') throw new Refused('token-invalid');
  return { userId, revision, position };
};
