import { isErased, type Personal } from '@ums/contracts/personal';
import { Undecodable } from '@ums/contracts/stored/undecodable';
import { UnknownFact } from '@ums/kit/facts/loadFacts';
import { MissingKey } from '@ums/kit/facts/openFacts';
import { SealBroken } from '@ums/kit/sealing/sealBroken';
import { loadRegistration } from '../registration/loadRegistration.js';
import { type LoadedUser, loadUser, passwordHashOf } from '../user/loadUser.js';
import type { DecoyStream, LoginStreams } from './loginStreams.js';
import type { SessionDeps } from './sessionDeps.js';

/** What a login found under an address, and the hash to verify the password against; no password matches `undefined`. */
export type LoginTarget =
  | { kind: 'none'; hash: undefined }
  | { kind: 'waiting'; hash: string | undefined }
  | { kind: 'user'; hash: string | undefined; user: LoadedUser };

type TargetDeps = Pick<SessionDeps, 'eventLog' | 'keys'>;

const NONE: LoginTarget = { kind: 'none', hash: undefined };

/** Costs one stream read and one unsealing, whether or not the address has an account (E-02). */
export const accountTarget = async (deps: TargetDeps, { account }: LoginStreams): Promise<LoginTarget> => {
  if (account.kind === 'decoy') return readDecoy(deps, account);
  const user = await loadUser(deps, account.userId);
  return { kind: 'user', hash: passwordHashOf(user), user };
};

/** Costs the same, whether or not a registration waits. */
export const waitingTarget = async (deps: TargetDeps, { waiting }: LoginStreams): Promise<LoginTarget> => {
  if (waiting.kind === 'decoy') return readDecoy(deps, waiting);
  const { facts } = await loadRegistration(deps, waiting.registrationId);
  const [requested] = facts;
  return {
    kind: 'waiting',
    hash: requested?.type === 'RegistrationRequested' ? unlessErased(requested.data.passwordHash) : undefined,
  };
};

/** Unreadable decoy streams are ignored: they must not fail the login of another address. */
const readDecoy = async (deps: TargetDeps, { userId }: DecoyStream): Promise<LoginTarget> => {
  try {
    await loadUser(deps, userId);
  } catch (error) {
    if (![UnknownFact, MissingKey, SealBroken, Undecodable].some((fault) => error instanceof fault)) throw error;
  }
  return NONE;
};

const unlessErased = (hash: Personal): string | undefined => (isErased(hash) ? undefined : hash);
