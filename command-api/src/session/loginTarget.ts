import { isErased, type Personal } from '@ums/contracts/personal';
import { Undecodable } from '@ums/contracts/stored/undecodable';
import type { addressMac } from '@ums/identity/addressMac';
import { UnknownFact } from '@ums/kit/facts/loadFacts';
import { MissingKey } from '@ums/kit/facts/openFacts';
import { SealBroken } from '@ums/kit/sealing/sealBroken';
import { loadRegistration } from '../registration/loadRegistration.js';
import { type LoadedUser, loadUser, passwordHashOf } from '../user/loadUser.js';
import { findLoginStream } from './loginStream.js';
import type { SessionDeps } from './sessionDeps.js';

/** What a login found under an address, and the hash to verify the password against; no password matches `undefined`. */
export type LoginTarget =
  | { kind: 'none'; hash: undefined }
  | { kind: 'waiting'; hash: string | undefined }
  | { kind: 'user'; hash: string | undefined; user: LoadedUser };

const NONE: LoginTarget = { kind: 'none', hash: undefined };

/** Costs one query, one stream read and one unsealing, whether or not the address is known (E-02). */
export const findLoginTarget = async (
  deps: Pick<SessionDeps, 'vault' | 'eventLog' | 'keys' | 'clock'>,
  mac: ReturnType<typeof addressMac>,
): Promise<LoginTarget> => {
  const stream = await findLoginStream(deps.vault, mac, deps.clock.now());
  if (stream.kind === 'registration') {
    const { facts } = await loadRegistration(deps, stream.registrationId);
    const [requested] = facts;
    return {
      kind: 'waiting',
      hash: requested?.type === 'RegistrationRequested' ? unlessErased(requested.data.passwordHash) : undefined,
    };
  }
  if (stream.kind === 'decoy') {
    await loadUser(deps, stream.userId).catch(ignoreUnreadable);
    return NONE;
  }
  const user = await loadUser(deps, stream.userId);
  return { kind: 'user', hash: passwordHashOf(user), user };
};

/** Unreadable decoy streams are ignored: they must not fail the login of another address. */
const ignoreUnreadable = (error: unknown): void => {
  const unreadable = [UnknownFact, MissingKey, SealBroken, Undecodable].some((fault) => error instanceof fault);
  if (!unreadable) throw error;
};

const unlessErased = (hash: Personal): string | undefined => (isErased(hash) ? undefined : hash);
