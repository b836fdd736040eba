import { randomUUID } from 'node:crypto';
import type { LoginResponse } from '@ums/contracts/http/session';
import { userBody } from '@ums/contracts/http/userBody';
import { addressMac } from '@ums/identity/addressMac';
import type { RequestOrigin } from '@ums/kit/facts/cause';
import { SubjectErased } from '@ums/kit/facts/sealingKeys';
import { Refused } from '@ums/kit/refused';
import { settleUser } from '../account/settleUser.js';
import type { SessionHolder } from '../authorization/liveSession.js';
import type { SessionDeps } from '../commandDeps.js';
import { accountOf } from '../limits/buckets.js';
import { type LoadedUser, loadUser, profileOf } from '../user/loadUser.js';
import type { LivingUser } from '../user/userState.js';
import { findLoginTarget, hashOf, type LoginTarget } from './loginTarget.js';
import { recordSignin } from './recordSignin.js';
import { insertSession } from './sessionRow.js';
import { tokenPair } from './tokenPair.js';
import { upgradePasswordHash } from './upgradePasswordHash.js';

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
export const login = async (deps: SessionDeps, credentials: Credentials, origin: RequestOrigin): Promise<LoggedIn> => {
  const candidate = await verified(deps, credentials, origin);
  if (candidate.kind === 'waiting') throw new Refused('email-not-confirmed');
  if (candidate.kind === 'nobody' || candidate.hash === undefined) throw new Refused('credentials-invalid');

  const sessionId = randomUUID();
  const { userId } = candidate.user;
  mustLetIn(candidate.user, candidate.hash);
  const started = await recordStart(deps, userId, sessionId, origin);
  const { user, holder } = await begin(deps, sessionId, candidate.user, candidate.hash);
  const upgraded = await upgradePasswordHash(
    deps,
    user,
    { password: credentials.password, hash: candidate.hash },
    origin,
  );
  const tokens = tokenPair(deps, { sessionId, generation: 0 }, holder);
  const shown = upgraded ?? user;
  return {
    body: { ...tokens, user: userBody(profileOf(shown)) },
    position: shown.position !== undefined && shown.position > started ? shown.position : started,
  };
};

/** Nobody has this address any more when its owner was erased since his stream was read. */
const recordStart = async (
  deps: SessionDeps,
  userId: string,
  sessionId: string,
  origin: RequestOrigin,
): Promise<bigint> => {
  try {
    return await recordSignin(deps, userId, { type: 'SessionStarted', data: { sessionId } }, origin);
  } catch (error) {
    throw error instanceof SubjectErased ? new Refused('credentials-invalid') : error;
  }
};

const verified = async (
  deps: SessionDeps,
  { email, password }: Credentials,
  origin: RequestOrigin,
): Promise<LoginTarget> => {
  const mac = addressMac(deps.addressKey, email);
  let candidate: LoginTarget = { kind: 'nobody', hash: undefined };
  const right = await deps.limits.attempt({ account: accountOf(mac), source: origin.source.bucket }, async () => {
    candidate = await findLoginTarget(deps, mac);
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
): Promise<{ user: LoadedUser; holder: SessionHolder }> => {
  let user = loaded;
  for (let attempt = 1; attempt <= MAX_TRIES; attempt += 1) {
    const { userId } = user;
    const { epoch } = mustLetIn(user, hash);
    const holder = await insertSession(deps.vault, { id: sessionId, userId, epoch }, deps.clock.now());
    if (holder !== undefined) return { user, holder };
    user = await loadUser(deps, userId);
    await settleUser(deps, user);
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
