import type { UserEvent } from '@ums/contracts/events/user';
import { type UserProfile, userProfile } from '@ums/contracts/reducers/userProfile';
import { userStream } from '@ums/contracts/streams';
import { WrongRevision } from '@ums/kit/event-log/eventLog';
import { Refused } from '@ums/kit/refused';
import { bringUpToDate } from '../account/bringUpToDate.js';
import type { FactDeps } from '../commandDeps.js';
import type { UserState } from '../user/userState.js';
import { appendFacts } from './appendFacts.js';
import type { Cause } from './cause.js';
import { SubjectErased } from './keysForSealing.js';
import { type LoadedUser, loadedFrom, loadUser } from './loadFacts.js';
import { foundAgain, type Mark, markOf, type RepeatableRequest } from './repeat.js';

/** One change of one user's stream. */
export interface UserChange {
  userId: string;
  /** Pure: asked again after every conflict. @throws Refused */
  decide: (state: UserState) => UserEvent[];
  cause: Cause;
  /** The revision the caller saw; a conflict is then answered, not decided again. */
  ifMatch?: bigint | undefined;
  repeat?: RepeatableRequest | undefined;
}

/** A user as a command left it: what its answer is built from. */
export interface ChangedUser extends LoadedUser {
  revision: bigint;
  /** The highest position written, or loaded when there was nothing to write: makes the consistency token. */
  position: bigint;
}

const MAX_TRIES = 4;

/**
 * Load, decide, append, settle. Without `ifMatch` a conflict is decided again, three times at most.
 *
 * @throws Refused `not-found`, `stale-revision` (412), `idempotency-key-reused` (422), `conflict` (409), and what the
 * rules say; LogUnavailable, after which a repeat finds out what happened.
 */
export const handle = async (deps: FactDeps, change: UserChange): Promise<ChangedUser> => {
  for (let attempt = 1; ; attempt++) {
    const loaded = existing(await loadUser(deps, change.userId));
    const mark = change.repeat && (await markFor(deps, loaded, change.repeat));
    const again = mark && asAnswered(loaded, mark);
    if (again !== undefined) {
      // The earlier attempt may have died between its append and the vault.
      await bringUpToDate(deps, loaded);
      return again;
    }
    if (change.ifMatch !== undefined && change.ifMatch !== loaded.revision) throw new Refused('stale-revision');
    const events = change.decide(loaded.state);
    try {
      const changed = events.length === 0 ? loaded : await append(deps, change, loaded, events, mark);
      await bringUpToDate(deps, changed);
      return mark === undefined || events.length === 0 ? changed : await asStored(deps, changed, mark);
    } catch (error) {
      if (!(error instanceof WrongRevision || error instanceof SubjectErased)) throw error;
      if (change.ifMatch !== undefined) throw new Refused('stale-revision');
      if (attempt === MAX_TRIES) throw new Refused('conflict', { retryAfterSeconds: 1 });
    }
  }
};

/** The profile an answer shows. @throws Refused `not-found` once the person is erased. */
export const profileOf = ({ facts }: Pick<LoadedUser, 'facts'>): UserProfile => {
  const profile = facts.reduce<UserProfile | undefined>(userProfile, undefined);
  if (profile === undefined) throw new Refused('not-found');
  return profile;
};

const existing = (loaded: LoadedUser): ChangedUser => {
  const { revision, position } = loaded;
  if (revision === undefined || position === undefined) throw new Refused('not-found');
  return { ...loaded, revision, position };
};

const append = async (
  deps: FactDeps,
  { userId, cause }: UserChange,
  { facts, revision }: ChangedUser,
  events: UserEvent[],
  mark: Mark | undefined,
): Promise<ChangedUser> => {
  const stream = userStream(userId);
  const added = await appendFacts(deps, {
    ...{ stream, events, expected: revision, cause },
    ...(mark && { ids: events.map((_, index) => mark.eventId(stream, index)), request: mark.request }),
  });
  deps.crashPoint?.('facts-appended');
  return existing(loadedFrom(userId, [...facts, ...added]));
};

/** `undefined` for an erased user: nothing is left to derive a mark from, and nothing it could be asked for. */
const markFor = async (deps: FactDeps, { userId, state }: LoadedUser, repeat: RepeatableRequest) => {
  const key = state.status === 'erased' ? undefined : (await deps.keys.fetch([userId])).get(userId);
  return Buffer.isBuffer(key) ? markOf(key, repeat) : undefined;
};

/** The user as this request left it, if it was here before. */
const asAnswered = ({ userId, facts }: LoadedUser, mark: Mark): ChangedUser | undefined => {
  const count = foundAgain(mark, userStream(userId), facts);
  return count === undefined ? undefined : existing(loadedFrom(userId, facts.slice(0, count)));
};

/** Of two requests under one key at the same moment one wrote, and both were told so: only the stream says which. */
const asStored = async (deps: FactDeps, changed: ChangedUser, mark: Mark): Promise<ChangedUser> =>
  asAnswered(await loadUser(deps, changed.userId), mark) ?? changed;
