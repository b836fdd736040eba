import type { DomainEvent, Fact } from '@ums/contracts/events/event';
import type { RegistrationEvent } from '@ums/contracts/events/registration';
import type { UserEvent } from '@ums/contracts/events/user';
import { registrationStream, userStream } from '@ums/contracts/streams';
import { openFacts } from '@ums/kit/sealing/openFacts';
import type { FactDeps } from '../commandDeps.js';
import { userState } from '../user/evolve.js';
import type { UserState } from '../user/userState.js';

/** One stream as read: facts, revision and position travel together, so that no save can forget the check. */
export interface Loaded<E extends DomainEvent> {
  facts: Fact<E>[];
  /** Of the last fact; `undefined` while there is no stream. */
  revision: bigint | undefined;
  position: bigint | undefined;
}

export interface LoadedUser extends Loaded<UserEvent> {
  userId: string;
  state: UserState;
}

/** A stream holds a type this version does not know. Deciding without it could undo what it says. */
export class UnknownFact extends Error {
  override readonly name = 'UnknownFact';

  constructor(readonly storedType: string) {
    super('a stream holds an event of a type this version does not know');
  }
}

/**
 * Reads and unseals one user's stream. Costs one read, and one query when the data key is not cached.
 *
 * @throws LogUnavailable; UnknownFact, MissingKey, SealBroken or Undecodable when the history cannot be read.
 */
export const loadUser = async (deps: Pick<FactDeps, 'eventLog' | 'keys'>, userId: string): Promise<LoadedUser> => {
  const { facts } = await loadFacts<UserEvent>(deps, userStream(userId));
  return loadedFrom(userId, facts);
};

/** A user as of the last of these facts. */
export const loadedFrom = (userId: string, facts: Fact<UserEvent>[]): LoadedUser => ({
  ...{ userId, facts, state: userState(facts) },
  revision: facts.at(-1)?.revision,
  position: facts.at(-1)?.position,
});

/** As {@link loadUser}, of a registration; personal fields read as `ERASED` once it has ended. */
export const loadRegistration = (deps: Pick<FactDeps, 'eventLog' | 'keys'>, registrationId: string) =>
  loadFacts<RegistrationEvent>(deps, registrationStream(registrationId));

const loadFacts = async <E extends DomainEvent>(
  { eventLog, keys }: Pick<FactDeps, 'eventLog' | 'keys'>,
  stream: string,
): Promise<Loaded<E>> => {
  const opened = await openFacts(await eventLog.readStream(stream), keys);
  const facts = opened.map(({ recorded, fact, failed }) => {
    if (failed !== undefined) throw failed;
    if (fact === undefined) throw new UnknownFact(recorded.type);
    return fact as Fact<E>;
  });
  const last = facts.at(-1);
  return { facts, revision: last?.revision, position: last?.position };
};
