import { isErased } from '@ums/contracts/personal';
import { Undecodable } from '@ums/contracts/stored/undecodable';
import { addressMac } from '@ums/identity/addressMac';
import { UnknownFact } from '@ums/kit/facts/loadFacts';
import { MissingKey } from '@ums/kit/facts/openFacts';
import { SealBroken } from '@ums/kit/sealing/sealBroken';
import { loadRegistration } from '../registration/loadRegistration.js';
import { type LoadedUser, lastAddress, loadUser, passwordHashOf } from '../user/loadUser.js';
import { findAccount, findWaiting } from './loginStream.js';
import type { SessionDeps } from './sessionDeps.js';

/**
 * The user of an address, and the hash to verify the password against; no password matches `undefined`. `hasAccount` without a
 * user: the user's data key is lost.
 */
export type LoginTarget =
  | { hasAccount: boolean; hash: undefined; user: undefined }
  | { hasAccount: true; hash: string | undefined; user: LoadedUser };

export const NO_TARGET: LoginTarget = { hasAccount: false, hash: undefined, user: undefined };

/** A target whose password was verified against `hash`. */
export interface VerifiedTarget {
  hash: string;
  user: LoadedUser;
}

type Deps = Pick<SessionDeps, 'vault' | 'eventLog' | 'keys' | 'clock' | 'addressKey' | 'log'>;
type AddressMac = ReturnType<typeof addressMac>;

/**
 * Costs one query, one stream read and one unsealing, whether or not the address has a user (E-02). No password matches at an address
 * that is no longer the user's by the stream: the vault learns of the change a moment later.
 */
export const findLoginTarget = async (deps: Deps, mac: AddressMac): Promise<LoginTarget> => {
  const { kind, id } = await findAccount(deps.vault, mac);
  if (kind === 'found') {
    const user = await loadUser(deps, id).catch((error: unknown) => reportLostKey(deps, error, { userId: id }));
    if (user === undefined) return { ...NO_TARGET, hasAccount: true };
    const address = lastAddress(user);
    const isCurrent = address !== undefined && addressMac(deps.addressKey, address).equals(mac);
    return { hasAccount: true, hash: isCurrent ? passwordHashOf(user) : undefined, user };
  }
  await loadUser(deps, id).catch(ignoreUnreadable);
  return NO_TARGET;
};

/** The address was confirmed after its user was looked for. */
export class ConfirmedMeanwhile extends Error {
  override readonly name = 'ConfirmedMeanwhile';
}

/**
 * The hash of the registration of an address that waits for confirmation. Costs the same for every address (E-02).
 *
 * @param target what `findLoginTarget` found before.
 * @throws ConfirmedMeanwhile
 */
export const findWaitingHash = async (
  deps: Deps,
  mac: AddressMac,
  target: LoginTarget,
): Promise<string | undefined> => {
  const { kind, id, hasAccount } = await findWaiting(deps.vault, mac, deps.clock.now());
  const loading = loadRegistration(deps, id);
  const registration = await loading.catch((error: unknown) =>
    kind === 'found' ? reportLostKey(deps, error, { registrationId: id }) : ignoreUnreadable(error),
  );
  if (hasAccount && !target.hasAccount) throw new ConfirmedMeanwhile();
  const requested = registration?.facts[0];
  if (kind === 'decoy' || requested?.type !== 'RegistrationRequested') return undefined;
  const { passwordHash } = requested.data;
  if (!isErased(passwordHash)) return passwordHash;
  throw new ConfirmedMeanwhile();
};

/**
 * No password matches where the data key is missing or damaged: the hash cannot be unsealed. An answer of its own would tell that
 * the address has an account (E-01), so only the log has the reason.
 */
const reportLostKey = (
  { log }: Deps,
  error: unknown,
  subject: { userId: string } | { registrationId: string },
): undefined => {
  if (!(error instanceof MissingKey || error instanceof SealBroken)) throw error;
  log.error('a password cannot be verified: the data key is missing or damaged', { ...subject, error });
};

/** Unreadable decoy streams are ignored: they must not fail the login of another address. */
const ignoreUnreadable = (error: unknown): undefined => {
  const unreadable = [UnknownFact, MissingKey, SealBroken, Undecodable].some((fault) => error instanceof fault);
  if (!unreadable) throw error;
};
