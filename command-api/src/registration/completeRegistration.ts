import type { KeyObject } from 'node:crypto';
import type { Fact } from '@ums/contracts/events/event';
import type { RegistrationEvent } from '@ums/contracts/events/registration';
import type { UserEvent } from '@ums/contracts/events/user';
import { isErased } from '@ums/contracts/personal';
import { registrationStream, userStream } from '@ums/contracts/streams';
import { NO_STREAM, StreamDeleted, WrongRevision } from '@ums/kit/event-log/eventLog';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import type { Cause } from '@ums/kit/facts/cause';
import { SubjectErased } from '@ums/kit/facts/sealingKeys';
import { Refused } from '@ums/kit/refused';
import type { FactDeps } from '../account/factDeps.js';
import { activateAndEndRegistration, endRegistration } from '../account/registrationRemoval.js';
import { settleUser } from '../change/settleUser.js';
import type { AttemptBuckets } from '../limits/buckets.js';
import { decide } from '../user/decide.js';
import { registeredPictureId, registrationCompletedId, userIdOf, userRegisteredId } from '../user/derivedIds.js';
import { type ExistingUser, existingUser, loadUser, userAsOf } from '../user/loadUser.js';
import { loadRegistration, type RequestedFact, requestedFact } from './loadRegistration.js';

export interface CompletedRegistration {
  userId: string;
  revision: bigint;
  /** The position of the user's last event; the later event that completes the registration changes no row. */
  position: bigint;
}

/**
 * The steps of a confirmation after its claim: appends `UserRegistered`, activates the account, appends
 * `RegistrationCompleted`, destroys the registration's key. Each step is idempotent, so a repeat of the confirmation or
 * the reconciler can resume after a crash at any point.
 *
 * @throws Refused `token-invalid` when the user was erased meanwhile; LogUnavailable.
 */
export const completeRegistration = async (
  deps: FactDeps,
  registrationId: string,
  cause: Cause,
): Promise<CompletedRegistration> => {
  const user = await ensureRegistered(deps, registrationId, cause);
  deps.crashPoint?.('user-registered');
  await settleUser(deps, user);
  deps.crashPoint?.('user-settled');
  await appendCompleted(deps, registrationId, user.userId, cause);
  await endRegistration(deps.vault, registrationId, deps.clock.now());
  deps.keys.evict(registrationId);
  return resultOf(user);
};

export interface FirstClaim {
  registrationId: string;
  /** What the user is registered with. There was no user before the claim. */
  requested: RequestedFact;
  /** The user's data key, which the claim stored. */
  dataKey: KeyObject;
  /** Those of the confirmation. Its source becomes a known one, as after a log-in. */
  buckets: Pick<AttemptBuckets, 'account' | 'known' | 'source'>;
}

/**
 * As {@link completeRegistration}, for the first claim: nothing has to be loaded, and one statement activates the account
 * and destroys the registration's key.
 */
export const completeFirst = async (
  deps: FactDeps,
  { registrationId, requested, dataKey, buckets }: FirstClaim,
  cause: Cause,
): Promise<CompletedRegistration> => {
  const userId = userIdOf(registrationId);
  const facts = await appendRegistered(deps, { userId, registrationId, requested, cause, dataKey });
  const user = facts && existingUser(userAsOf(userId, facts));
  // Another attempt was faster: its event stands, and the user may have changed since.
  if (user === undefined || user.state.status !== 'active') return completeRegistration(deps, registrationId, cause);
  deps.crashPoint?.('user-registered');
  await appendCompleted(deps, registrationId, userId, cause);
  const ended = { registrationId, userId, revision: user.revision, standing: user.state, buckets };
  await activateAndEndRegistration(deps.vault, ended, deps.clock.now());
  deps.keys.evict(registrationId);
  return resultOf(user);
};

const resultOf = ({ userId, revision, position }: ExistingUser): CompletedRegistration => ({
  userId,
  revision,
  position,
});

/** Does nothing where an operator has deleted the stream for good: the user has been registered, and nobody reads the rest. */
const appendCompleted = async (deps: FactDeps, registrationId: string, userId: string, cause: Cause): Promise<void> => {
  const completed = {
    stream: registrationStream(registrationId),
    events: [{ type: 'RegistrationCompleted' as const, data: { userId } }],
    // Without the source of the request: `UserRegistered` records it, and the key to seal it here may be gone.
    cause: { correlationId: cause.correlationId, causationId: cause.causationId, actor: cause.actor },
    ids: [registrationCompletedId(registrationId)],
  };
  for (let expected = 0n; ; ) {
    try {
      await appendFacts<RegistrationEvent>(deps, { ...completed, expected });
      break;
    } catch (error) {
      if (error instanceof StreamDeleted) break;
      if (!(error instanceof WrongRevision)) throw error;
      // A mail to the address came back before it was proven.
      const { facts, revision } = await loadRegistration(deps, registrationId);
      if (facts.some(({ type }) => type === 'RegistrationCompleted')) break;
      if (revision === undefined || revision < expected) throw error;
      expected = revision;
    }
  }
  deps.crashPoint?.('registration-completed');
};

const ensureRegistered = async (deps: FactDeps, registrationId: string, cause: Cause): Promise<ExistingUser> => {
  const userId = userIdOf(registrationId);
  const existing = existingUser(await loadUser(deps, userId));
  if (existing !== undefined) return existing;
  const requested = requestedFact(await loadRegistration(deps, registrationId));
  if (requested !== undefined) await appendRegistered(deps, { userId, registrationId, requested, cause });
  // Read again instead of using the events above: another attempt may have appended first, and its events stand.
  const user = existingUser(await loadUser(deps, userId));
  if (user === undefined) throw new Refused('token-invalid');
  return user;
};

interface NewUser {
  userId: string;
  registrationId: string;
  requested: RequestedFact;
  cause: Cause;
  dataKey?: KeyObject;
}

/** @returns `undefined`, and appends nothing, if another attempt registered the user meanwhile or the user was erased. */
const appendRegistered = async (
  deps: FactDeps,
  { userId, registrationId, requested, cause, dataKey }: NewUser,
): Promise<Fact<UserEvent>[] | undefined> => {
  const { email, name, passwordHash, pictureId, locale } = requested.data;
  if (isErased(email) || isErased(name) || isErased(passwordHash)) return undefined;
  try {
    return await appendFacts<UserEvent>(deps, {
      ...(dataKey === undefined ? {} : { dataKey }),
      stream: userStream(userId),
      events: decide(
        { type: 'RegisterUser', registrationId, email, name, passwordHash, pictureId, locale },
        { status: 'unknown' },
      ),
      expected: NO_STREAM,
      cause,
      ids: [userRegisteredId(registrationId), registeredPictureId(registrationId)],
    });
  } catch (error) {
    if (!(error instanceof WrongRevision || error instanceof SubjectErased)) throw error;
    return undefined;
  }
};
