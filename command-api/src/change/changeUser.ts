import type { UserEvent } from '@ums/contracts/events/user';
import { userStream } from '@ums/contracts/streams';
import { WrongRevision } from '@ums/kit/event-log/eventLog';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import type { Cause } from '@ums/kit/facts/cause';
import { SubjectErased } from '@ums/kit/facts/sealingKeys';
import { Refused } from '@ums/kit/refused';
import { settleUser } from '../account/settleUser.js';
import type { FactDeps } from '../commandDeps.js';
import { type LoadedUser, loadUser, userAsOf } from '../user/loadUser.js';
import type { UserState } from '../user/userState.js';
import { findRecorded, type IdempotencyRecord, type IdempotentRequest, idempotencyRecord } from './idempotency.js';

/** One change of one user's stream. */
export interface UserChange {
  userId: string;
  /** Pure: called again after every conflict. @throws Refused */
  decide: (state: UserState) => UserEvent[];
  cause: Cause;
  /** The revision the client saw. With it, a conflict is answered and not decided again. */
  ifMatch?: bigint | undefined;
  request?: IdempotentRequest | undefined;
}

/** A user as a command left it: what its answer is built from. */
export interface ChangedUser extends LoadedUser {
  revision: bigint;
  /** The highest position written, or loaded when there was nothing to write. Makes the consistency token. */
  position: bigint;
}

const MAX_TRIES = 4;

/**
 * Load, decide, append, settle. Without `ifMatch` a conflict is decided again, at most three times.
 *
 * @throws Refused `not-found`, `stale-revision` (412), `idempotency-key-reused` (422), `conflict` (409), and what the
 * rules refuse; LogUnavailable, after which a repeat finds out what was written.
 */
export const changeUser = async (deps: FactDeps, change: UserChange): Promise<ChangedUser> => {
  for (let attempt = 1; ; attempt++) {
    const loaded = existing(await loadUser(deps, change.userId));
    const record = change.request && (await recordFor(deps, loaded, change.request));
    const recorded = record && asRecorded(loaded, record);
    if (recorded !== undefined) {
      // The earlier attempt may have died between its append and the vault.
      await settleUser(deps, loaded);
      return recorded;
    }
    if (change.ifMatch !== undefined && change.ifMatch !== loaded.revision) throw new Refused('stale-revision');
    const events = change.decide(loaded.state);
    try {
      const changed = events.length === 0 ? loaded : await append(deps, change, loaded, events, record);
      await settleUser(deps, changed);
      return record === undefined || events.length === 0 ? changed : await asStored(deps, changed, record);
    } catch (error) {
      if (!(error instanceof WrongRevision || error instanceof SubjectErased)) throw error;
      if (change.ifMatch !== undefined) throw new Refused('stale-revision');
      if (attempt === MAX_TRIES) throw new Refused('conflict', { retryAfterSeconds: 1 });
    }
  }
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
  record: IdempotencyRecord | undefined,
): Promise<ChangedUser> => {
  const stream = userStream(userId);
  const added = await appendFacts(deps, {
    ...{ stream, events, expected: revision, cause },
    ...(record && { ids: events.map((_, index) => record.eventId(stream, index)), request: record.request }),
  });
  deps.crashPoint?.('facts-appended');
  return existing(userAsOf(userId, [...facts, ...added]));
};

/** `undefined` for an erased user: the key that a record is derived from is destroyed. */
const recordFor = async (deps: FactDeps, { userId, state }: LoadedUser, request: IdempotentRequest) => {
  const key = state.status === 'erased' ? undefined : (await deps.keys.fetch([userId])).get(userId);
  return Buffer.isBuffer(key) ? idempotencyRecord(key, request) : undefined;
};

/** The user as this request left it, if an earlier attempt had its effect. */
const asRecorded = ({ userId, facts }: LoadedUser, record: IdempotencyRecord): ChangedUser | undefined => {
  const count = findRecorded(record, userStream(userId), facts);
  return count === undefined ? undefined : existing(userAsOf(userId, facts.slice(0, count)));
};

/** Of two requests under one key at the same moment, one wrote and both were acknowledged: the stream says which. */
const asStored = async (deps: FactDeps, changed: ChangedUser, record: IdempotencyRecord): Promise<ChangedUser> =>
  asRecorded(await loadUser(deps, changed.userId), record) ?? changed;
