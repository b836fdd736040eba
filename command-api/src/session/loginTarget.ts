import { Undecodable } from '@ums/contracts/events/undecodable';
import { isErased, type Personal } from '@ums/contracts/personal';
import type { addressMac } from '@ums/identity/addressMac';
import { UnknownFact } from '@ums/kit/facts/loadFacts';
import { MissingKey } from '@ums/kit/facts/openFacts';
import { SealBroken } from '@ums/kit/sealing/sealBroken';
import type { SessionDeps } from '../commandDeps.js';
import { loadRegistration } from '../registration/loadRegistration.js';
import { type LoadedUser, loadUser } from '../user/loadUser.js';
import { findLoginStream } from './loginStream.js';

/** Whom a login is about, and the hash its password has to meet: none is met by no password. */
export type LoginTarget =
  | { kind: 'nobody'; hash: undefined }
  | { kind: 'waiting'; hash: string | undefined }
  | { kind: 'user'; hash: string | undefined; user: LoadedUser };

const NOBODY: LoginTarget = { kind: 'nobody', hash: undefined };

/** One query, one stream and one unsealing, whether anybody has the address or not (E-02). */
export const findLoginTarget = async (
  deps: Pick<SessionDeps, 'vault' | 'eventLog' | 'keys' | 'clock'>,
  mac: ReturnType<typeof addressMac>,
): Promise<LoginTarget> => {
  const target = await findLoginStream(deps.vault, mac, deps.clock.now());
  if (target.kind === 'registration') {
    const { facts } = await loadRegistration(deps, target.registrationId);
    const [requested] = facts;
    return {
      kind: 'waiting',
      hash: requested?.type === 'RegistrationRequested' ? known(requested.data.passwordHash) : undefined,
    };
  }
  if (target.kind === 'decoy') {
    await loadUser(deps, target.userId).catch(unlessUnreadable);
    return NOBODY;
  }
  const user = await loadUser(deps, target.userId);
  return { kind: 'user', hash: hashOf(user), user };
};

/** A history that cannot be read is its owner's trouble, not that of a stranger who was led to it. */
const unlessUnreadable = (error: unknown): void => {
  const unreadable = [UnknownFact, MissingKey, SealBroken, Undecodable].some((fault) => error instanceof fault);
  if (!unreadable) throw error;
};

/** `undefined` for whoever is erased. */
export const hashOf = ({ state }: LoadedUser): string | undefined =>
  state.status === 'active' || state.status === 'suspended' ? known(state.passwordHash) : undefined;

const known = (hash: Personal): string | undefined => (isErased(hash) ? undefined : hash);
