import type { Fact, RecordedEvent } from '@ums/contracts/events/event';
import type { UserEvent } from '@ums/contracts/events/user';
import { ERASED, isErased } from '@ums/contracts/personal';
import { type UserProfile, userProfile } from '@ums/contracts/reducers/userProfile';
import { decode } from '@ums/contracts/stored/stored';
import { userStream } from '@ums/contracts/streams';
import { type LoadDeps, type Loaded, loadedFrom, loadFacts, UnknownFact } from '@ums/kit/facts/loadFacts';
import { Refused } from '@ums/kit/refused';
import { userState } from './evolve.js';
import type { UserState } from './userState.js';

export interface LoadedUser extends Loaded<UserEvent> {
  userId: string;
  state: UserState;
}

/** A user whose stream exists; erased users included. */
export interface ExistingUser extends LoadedUser {
  revision: bigint;
  /** The highest position loaded, or written by the command that answers with it. Goes into the consistency token. */
  position: bigint;
}

/**
 * Reads, unseals and folds one user's stream.
 *
 * @throws LogUnavailable; UnknownFact, MissingKey, SealBroken or Undecodable when the history cannot be read.
 */
export const loadUser = async (deps: LoadDeps, userId: string): Promise<LoadedUser> =>
  userAsOf(userId, (await loadFacts<UserEvent>(deps, userStream(userId))).facts);

/**
 * As {@link loadUser}, without the user's data key: personal fields read as erased.
 *
 * @throws LogUnavailable; UnknownFact or Undecodable when the history cannot be read.
 */
export const loadSealedUser = async ({ eventLog }: Pick<LoadDeps, 'eventLog'>, userId: string): Promise<LoadedUser> =>
  userAsOf(userId, (await eventLog.readStream(userStream(userId))).map(decodeSealed));

const decodeSealed = (event: RecordedEvent): Fact<UserEvent> => {
  const fact = decode(event, () => ERASED);
  if (fact === undefined) throw new UnknownFact(event.type);
  return fact as Fact<UserEvent>;
};

/** The user's state after the last of these facts. */
export const userAsOf = (userId: string, facts: Fact<UserEvent>[]): LoadedUser => ({
  ...loadedFrom(facts),
  userId,
  state: userState(facts),
});

/** `undefined` if the stream does not exist. */
export const existingUser = (user: LoadedUser): ExistingUser | undefined => {
  const { revision, position } = user;
  return revision === undefined || position === undefined ? undefined : { ...user, revision, position };
};

/** The user's password hash; `undefined` for an unknown or erased user. */
export const passwordHashOf = ({ state }: Pick<LoadedUser, 'state'>): string | undefined =>
  state.status === 'unknown' || state.status === 'erased' || isErased(state.passwordHash)
    ? undefined
    : state.passwordHash;

/** The profile that commands answer with. @throws Refused `not-found` once the user is erased. */
export const profileOf = ({ facts }: Pick<LoadedUser, 'facts'>): UserProfile => {
  const profile = facts.reduce<UserProfile | undefined>(userProfile, undefined);
  if (profile === undefined) throw new Refused('not-found');
  return profile;
};

/** The user's current address, or the last one of an erased user; `undefined` once it cannot be unsealed any more. */
export const lastAddress = ({ facts }: Pick<LoadedUser, 'facts'>): string | undefined => {
  const email = facts.findLast(setsAddress)?.data.email;
  return email === undefined || isErased(email) ? undefined : email;
};

const setsAddress = (fact: Fact<UserEvent>) =>
  fact.type === 'UserRegistered' || fact.type === 'EmailChanged' || fact.type === 'EmailChangeUndone';
