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

/** The user of an address, and the hash to verify the password against; no password matches `undefined`. */
export type LoginTarget = { hash: undefined; user: undefined } | { hash: string | undefined; user: LoadedUser };

/** A target whose password was verified against `hash`. */
export interface VerifiedTarget {
  hash: string;
  user: LoadedUser;
}

type Deps = Pick<SessionDeps, 'vault' | 'eventLog' | 'keys' | 'clock' | 'addressKey'>;
type AddressMac = ReturnType<typeof addressMac>;

/**
 * Costs one query, one stream read and one unsealing, whether or not the address has a user (E-02). No password matches at an address
 * that is no longer the user's by the stream: the vault learns of the change a moment later.
 */
export const findLoginTarget = async (deps: Deps, mac: AddressMac): Promise<LoginTarget> => {
  const { kind, id } = await findAccount(deps.vault, mac);
  if (kind === 'found') {
    const user = await loadUser(deps, id);
    const address = lastAddress(user);
    const isCurrent = address !== undefined && addressMac(deps.addressKey, address).equals(mac);
    return { hash: isCurrent ? passwordHashOf(user) : undefined, user };
  }
  await loadUser(deps, id).catch(ignoreUnreadable);
  return { hash: undefined, user: undefined };
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
  const registration = kind === 'found' ? await loading : await loading.catch(ignoreUnreadable);
  if (hasAccount && target.user === undefined) throw new ConfirmedMeanwhile();
  const requested = registration?.facts[0];
  if (kind === 'decoy' || requested?.type !== 'RegistrationRequested') return undefined;
  const { passwordHash } = requested.data;
  if (!isErased(passwordHash)) return passwordHash;
  throw new ConfirmedMeanwhile();
};

/** Unreadable decoy streams are ignored: they must not fail the login of another address. */
const ignoreUnreadable = (error: unknown): undefined => {
  const unreadable = [UnknownFact, MissingKey, SealBroken, Undecodable].some((fault) => error instanceof fault);
  if (!unreadable) throw error;
};
