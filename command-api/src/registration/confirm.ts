import type { ConfirmRequest } from '@ums/contracts/http/registration';
import { isErased } from '@ums/contracts/personal';
import { causedBy, type RequestOrigin } from '@ums/kit/facts/cause';
import { Refused } from '@ums/kit/refused';
import type { CommandDeps } from '../commandDeps.js';
import { accountOf } from '../limits/buckets.js';
import { loadUser } from '../user/loadUser.js';
import { claimRegistration } from './claimRegistration.js';
import { type CompletedRegistration, completeRegistration } from './completeRegistration.js';
import { userIdOf } from './derivedIds.js';
import { loadRegistration } from './loadRegistration.js';
import { findRegistration, type RegistrationRow } from './registrationRow.js';

/**
 * Turns a registration into a user: the mailed token proves the address, the password that this is whoever chose it
 * (a click in a mailbox alone never blesses a stranger's password, E-06). A repeat after it took effect answers alike
 * until the registration expires.
 *
 * @throws Refused `token-invalid` (one for bad, expired, foreign and lost), `password-invalid`, `too-many-attempts`,
 * `busy`; LogUnavailable.
 */
export const confirm = async (
  deps: CommandDeps,
  { token, password }: ConfirmRequest,
  origin: RequestOrigin,
): Promise<CompletedRegistration> => {
  const registration = await provenRegistration(deps, token);
  const userId = userIdOf(registration.id);
  const stored = await passwordHashOf(deps, registration.id, userId);
  const who = { account: accountOf(registration.addressMac), source: origin.source.bucket };
  const right = await deps.limits.attempt(who, () => deps.passwords.verify(password, stored));
  if (!right) throw new Refused('password-invalid');
  const completed = await claimRegistration(deps, registration.id);
  deps.crashPoint?.('registration-claimed');
  if (completed) return asLoaded(deps, userId);
  return completeRegistration(deps, registration.id, causedBy(origin, { kind: 'user', id: userId }));
};

const provenRegistration = async (deps: CommandDeps, text: string): Promise<RegistrationRow> => {
  const now = deps.clock.now();
  const token = deps.mailTokens.read(text);
  const [id] = token?.ids ?? [];
  if (token?.purpose !== 'confirm' || id === undefined || token.expires <= now) throw new Refused('token-invalid');
  const registration = await findRegistration(deps.vault, id, now);
  if (registration === undefined || !deps.mailTokens.verify(text, registration.addressMac))
    throw new Refused('token-invalid');
  return registration;
};

/** The user's current hash once there is a user, the registration's until then. @throws Refused `token-invalid` for neither */
const passwordHashOf = async (deps: CommandDeps, registrationId: string, userId: string): Promise<string> => {
  const current = await currentHash(deps, userId);
  if (current !== undefined) return current;
  const { facts } = await loadRegistration(deps, registrationId);
  const chosen = facts.find((fact) => fact.type === 'RegistrationRequested')?.data.passwordHash;
  // Unreadable: completed since the user's stream was read, so there is a user now.
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

const asLoaded = async (deps: CommandDeps, userId: string): Promise<CompletedRegistration> => {
  const { revision, position, state } = await loadUser(deps, userId);
  if (revision === undefined || position === undefined || state.status === 'erased') throw new Refused('token-invalid');
  return { userId, revision, position };
};
