import type { Fact } from '@ums/contracts/events/event';
import type { RegistrationEvent } from '@ums/contracts/events/registration';
import type { UserEvent } from '@ums/contracts/events/user';
import { isErased } from '@ums/contracts/personal';
import { registrationStream, userStream } from '@ums/contracts/streams';
import { NO_STREAM, WrongRevision } from '@ums/kit/event-log/eventLog';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import type { Cause } from '@ums/kit/facts/cause';
import { SubjectErased } from '@ums/kit/facts/sealingKeys';
import { Refused } from '@ums/kit/refused';
import { settleUser } from '../account/settleUser.js';
import type { FactDeps } from '../commandDeps.js';
import { decide } from '../user/decide.js';
import { type LoadedUser, loadUser } from '../user/loadUser.js';
import { derivedEventId, userIdOf } from './derivedIds.js';
import { loadRegistration } from './loadRegistration.js';
import { endRegistration } from './registrationRow.js';

export interface CompletedRegistration {
  userId: string;
  revision: bigint;
  /** The highest position written, or loaded when every step had been taken before. */
  position: bigint;
}

/**
 * The steps of a confirmation after its claim, each of which finds out whether it was taken: `UserRegistered`, the
 * account active, `RegistrationCompleted`, the registration's key gone. Repeats of the confirmation and the keeper go
 * through here, so that every prefix ends the same way.
 *
 * @throws Refused `token-invalid` when the person was erased meanwhile; LogUnavailable.
 */
export const completeRegistration = async (
  deps: FactDeps,
  registrationId: string,
  cause: Cause,
): Promise<CompletedRegistration> => {
  const user = await registered(deps, registrationId, cause);
  deps.crashPoint?.('user-registered');
  await settleUser(deps, user);
  deps.crashPoint?.('user-settled');
  const [completed] = await appendFacts<RegistrationEvent>(deps, {
    stream: registrationStream(registrationId),
    events: [{ type: 'RegistrationCompleted', data: { userId: user.userId } }],
    expected: 0n,
    // Where the request came from is told by `UserRegistered`; here there may be no key left to seal it with.
    cause: { correlationId: cause.correlationId, causationId: cause.causationId, actor: cause.actor },
    ids: [derivedEventId('RegistrationCompleted', registrationId)],
  });
  deps.crashPoint?.('registration-completed');
  await endRegistration(deps.vault, registrationId, deps.clock.now());
  deps.keys.forget(registrationId);
  const position = completed === undefined || completed.position < user.position ? user.position : completed.position;
  return { userId: user.userId, revision: user.revision, position };
};

/** A user whose stream has begun. */
type RegisteredUser = LoadedUser & { revision: bigint; position: bigint };

const registered = async (deps: FactDeps, registrationId: string, cause: Cause): Promise<RegisteredUser> => {
  const userId = userIdOf(registrationId);
  const before = begun(await loadUser(deps, userId));
  if (before !== undefined) return before;
  const { facts } = await loadRegistration(deps, registrationId);
  const requested = facts.find((fact) => fact.type === 'RegistrationRequested');
  if (requested !== undefined) await appendRegistered(deps, { userId, registrationId, requested, cause });
  // What an earlier attempt wrote under the same id stays, so the stream is read, not what was just meant to be written.
  const user = begun(await loadUser(deps, userId));
  if (user === undefined) throw new Refused('token-invalid');
  return user;
};

const begun = (user: LoadedUser): RegisteredUser | undefined => {
  const { revision, position } = user;
  return revision === undefined || position === undefined ? undefined : { ...user, revision, position };
};

interface ToRegister {
  userId: string;
  registrationId: string;
  requested: Extract<Fact<RegistrationEvent>, { type: 'RegistrationRequested' }>;
  cause: Cause;
}

/** Writes nothing when somebody else completed the registration meanwhile, or erased the person. */
const appendRegistered = async (deps: FactDeps, { userId, registrationId, requested, cause }: ToRegister) => {
  const { email, name, passwordHash } = requested.data;
  if (isErased(email) || isErased(name) || isErased(passwordHash)) return;
  try {
    await appendFacts<UserEvent>(deps, {
      stream: userStream(userId),
      events: decide({ type: 'RegisterUser', registrationId, email, name, passwordHash }, { status: 'unknown' }),
      expected: NO_STREAM,
      cause,
      ids: [derivedEventId('UserRegistered', registrationId)],
    });
  } catch (error) {
    if (!(error instanceof WrongRevision || error instanceof SubjectErased)) throw error;
  }
};
