import { randomUUID } from 'node:crypto';
import type { LoginResponse } from '@ums/contracts/http/session';
import { userBody } from '@ums/contracts/http/userBody';
import { addressMac } from '@ums/kit/address/addressMac';
import { Refused } from '@ums/kit/refused';
import { bringUpToDate } from '../account/bringUpToDate.js';
import type { Caller } from '../facts/cause.js';
import { profileOf } from '../facts/handle.js';
import { SubjectErased } from '../facts/keysForSealing.js';
import { type LoadedUser, loadUser } from '../facts/loadFacts.js';
import { accountOf } from '../limits/buckets.js';
import type { LivingUser } from '../user/userState.js';
import { type Candidate, candidateFor, hashOf } from './candidate.js';
import type { SessionDeps } from './sessionDeps.js';
import { type Holder, insertSession } from './sessionRows.js';
import { recordSignin } from './signinFact.js';
import { tokenPair } from './tokenPair.js';
import { upgradedHash } from './upgradedHash.js';

export interface Credentials {
  /** Canonical. */
  email: string;
  password: string;
}

export interface LoggedIn {
  body: LoginResponse;
  /** The highest of what was written and what the body shows. */
  position: bigint;
}

const MAX_TRIES = 3;

/**
 * Begins a session. The same work for every address up to the verdict on the password; only after the right one does the
 * answer tell whether the address waits for its confirmation or the account is suspended (E-01).
 *
 * @throws Refused `credentials-invalid`, `email-not-confirmed`, `account-suspended`, `too-many-attempts`, `busy`.
 */
export const login = async (deps: SessionDeps, credentials: Credentials, caller: Caller): Promise<LoggedIn> => {
  const candidate = await verified(deps, credentials, caller);
  if (candidate.kind === 'waiting') throw new Refused('email-not-confirmed');
  if (candidate.kind === 'nobody' || candidate.hash === undefined) throw new Refused('credentials-invalid');

  const sessionId = randomUUID();
  const { userId } = candidate.user;
  mustLetIn(candidate.user, candidate.hash);
  const started = await recordStart(deps, userId, sessionId, caller);
  const { user, holder } = await begin(deps, sessionId, candidate.user, candidate.hash);
  const upgraded = await upgradedHash(deps, user, { password: credentials.password, hash: candidate.hash }, caller);
  const tokens = tokenPair(deps, { sessionId, generation: 0 }, holder);
  const shown = upgraded ?? user;
  return {
    body: { ...tokens, user: userBody(profileOf(shown)) },
    position: shown.position !== undefined && shown.position > started ? shown.position : started,
  };
};

/** Nobody has this address any more when its owner was erased since his stream was read. */
const recordStart = async (deps: SessionDeps, userId: string, sessionId: string, caller: Caller): Promise<bigint> => {
  try {
    return await recordSignin(deps, userId, { type: 'SessionStarted', data: { sessionId } }, caller);
  } catch (error) {
    throw error instanceof SubjectErased ? new Refused('credentials-invalid') : error;
  }
};

const verified = async (deps: SessionDeps, { email, password }: Credentials, caller: Caller): Promise<Candidate> => {
  const mac = addressMac(deps.addressKey, email);
  let candidate: Candidate = { kind: 'nobody', hash: undefined };
  const right = await deps.limits.attempt({ account: accountOf(mac), source: caller.source.bucket }, async () => {
    candidate = await candidateFor(deps, mac);
    return deps.passwords.verify(password, candidate.hash);
  });
  if (!right) throw new Refused('credentials-invalid');
  return candidate;
};

/**
 * Inserts the session under the epoch of the stream as read. Refused by the account's row, it reads again: the vault may
 * lag behind the stream (then it is brought up to date) or the stream have moved on (then the verdict is looked at anew).
 */
const begin = async (
  deps: SessionDeps,
  sessionId: string,
  loaded: LoadedUser,
  hash: string,
): Promise<{ user: LoadedUser; holder: Holder }> => {
  let user = loaded;
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const { userId } = user;
    const { epoch } = mustLetIn(user, hash);
    const holder = await insertSession(deps.vault, { id: sessionId, userId, epoch }, deps.clock.now());
    if (holder !== undefined) return { user, holder };
    user = await loadUser(deps, userId);
    await bringUpToDate(deps, user);
  }
  throw new Refused('busy', { retryAfterSeconds: 1 });
};

/** A verified password is a verdict on one stored hash; about any other it says nothing. */
const mustLetIn = (user: LoadedUser, verifiedHash: string): LivingUser => {
  const { state } = user;
  if (hashOf(user) !== verifiedHash || state.status === 'unknown' || state.status === 'erased')
    throw new Refused('credentials-invalid');
  if (state.status === 'suspended') throw new Refused('account-suspended');
  return state;
};
