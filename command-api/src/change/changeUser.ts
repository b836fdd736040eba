import { KeyObject } from 'node:crypto';
import type { Fact } from '@ums/contracts/events/event';
import type { UserEvent } from '@ums/contracts/events/user';
import { userStream } from '@ums/contracts/streams';
import { waitAfterLog } from '@ums/kit/event-log/afterLogTimeout';
import { WrongRevision } from '@ums/kit/event-log/eventLog';
import { isNotAppended } from '@ums/kit/event-log/isNotAppended';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import type { Cause } from '@ums/kit/facts/cause';
import { SubjectErased } from '@ums/kit/facts/sealingKeys';
import { type IfMatch, isMatch } from '@ums/kit/http/request/etag';
import { Refused } from '@ums/kit/refused';
import type { FactDeps } from '../account/factDeps.js';
import { type ExistingUser, existingUser, type LoadedUser, loadUser, userAsOf } from '../user/loadUser.js';
import type { UserState } from '../user/userState.js';
import { findRecorded, type IdempotencyRecord, type IdempotentRequest, idempotencyRecord } from './idempotency.js';
import { findNoOp, rememberNoOp } from './noOps.js';
import { settleUser } from './settleUser.js';

/** A change to one user's stream. */
export interface UserChange {
  userId: string;
  /** Who changes themselves. Their session must not have ended by the stream either: the vault learns of its end a moment later. */
  caller?: { readonly sessionEpoch: bigint } | undefined;
  /** Must be pure: it is called again after every conflict. @throws Refused */
  decide: (state: UserState, facts: readonly Fact<UserEvent>[]) => UserEvent[];
  cause: Cause;
  /** Reads the user. @default loadUser */
  load?: ((deps: FactDeps, userId: string) => Promise<LoadedUser>) | undefined;
  /** The revisions the client allows. If given, a conflict is refused instead of decided again. */
  ifMatch?: IfMatch | undefined;
  /**
   * Whether the change took effect earlier, as after an answer that was lost. Then a repeat is answered whatever `ifMatch`
   * says, because it names the revision before the change.
   */
  tookEffect?: (state: UserState) => boolean;
  request?: IdempotentRequest | undefined;
  /** Derived ids of the events, when every attempt must append the same event. @default from `request`, or random */
  eventIds?: readonly string[];
  /**
   * Runs before every append, with the events that were decided and the revision before them. What it reserves in the vault is
   * safe from being released by others until the append, because the append fails if the user has changed since the decision.
   * @throws Refused
   */
  beforeAppend?: ((events: readonly UserEvent[], revision: bigint) => Promise<void>) | undefined;
  /**
   * Takes back what `beforeAppend` did, as far as it has come, when the change fails and is not known to be appended. The answer waits
   * for it for 400 ms at most.
   */
  takeBack?: ((outcome: FailedOutcome) => Promise<void>) | undefined;
}

/** `nothing`: nothing was appended, nor will be. `unknown`: the events may be in the log, or get there later. */
export type FailedOutcome = 'nothing' | 'unknown';

const MAX_TRIES = 4;

/**
 * Loads a user, decides, appends and settles. Without `ifMatch`, decides again after a conflict, at most three times.
 *
 * @throws Refused `not-found`, `unauthenticated`, `stale-revision` (412), `idempotency-key-reused` (422), `conflict` (409), and what
 * `decide` refuses; LogUnavailable, after which the events may or may not be stored: a repeat finds out.
 */
export const changeUser = async (deps: FactDeps, change: UserChange): Promise<ExistingUser> => {
  const progress: Progress = { outcome: 'nothing' };
  try {
    return await decideAndAppend(deps, change, progress);
  } catch (error) {
    if (progress.outcome !== 'appended' && change.takeBack !== undefined)
      await waitAfterLog(change.takeBack(progress.outcome));
    throw error;
  }
};

/** How far a change has come. */
interface Progress {
  outcome: FailedOutcome | 'appended';
}

const decideAndAppend = async (deps: FactDeps, change: UserChange, progress: Progress): Promise<ExistingUser> => {
  for (let attempt = 1; ; attempt++) {
    const loaded = required(await (change.load ?? loadUser)(deps, change.userId));
    const record = change.request && (await recordFor(deps, loaded, change.request));
    const earlier = record && (resultOf(record, loaded) ?? (await noOpResultOf(deps, record, loaded)));
    if (earlier !== undefined) {
      // The earlier attempt may have crashed between its append and its update of the vault.
      await settleUser(deps, loaded);
      return earlier;
    }
    if (isStale(change, loaded)) throw new Refused('stale-revision');
    if (hasEnded(change.caller, loaded.state)) throw new Refused('unauthenticated');
    const events = change.decide(loaded.state, loaded.facts);
    try {
      const changed = events.length === 0 ? loaded : await append(deps, change, loaded, { events, record, progress });
      await settleUser(deps, changed);
      if (record === undefined) return changed;
      return await (events.length === 0 ? rememberResult : reloadResult)(deps, changed, record);
    } catch (error) {
      if (!(error instanceof WrongRevision || error instanceof SubjectErased)) throw error;
      if (change.ifMatch !== undefined && change.tookEffect === undefined) throw new Refused('stale-revision');
      if (attempt === MAX_TRIES) throw new Refused('conflict', { retryAfterSeconds: 1 });
    }
  }
};

const isStale = ({ ifMatch, tookEffect }: UserChange, { revision, state }: ExistingUser): boolean =>
  !isMatch(ifMatch, revision) && tookEffect?.(state) !== true;

/** What is decided for a user who is not active says more. */
const hasEnded = (caller: UserChange['caller'], state: UserState): boolean =>
  caller !== undefined && state.status === 'active' && state.sessionsFrom > caller.sessionEpoch;

const required = (user: LoadedUser): ExistingUser => {
  const existing = existingUser(user);
  if (existing === undefined) throw new Refused('not-found');
  return existing;
};

interface Decided {
  events: UserEvent[];
  record: IdempotencyRecord | undefined;
  progress: Progress;
}

const append = async (
  deps: FactDeps,
  { userId, cause, eventIds, beforeAppend }: UserChange,
  { facts, revision }: ExistingUser,
  { events, record, progress }: Decided,
): Promise<ExistingUser> => {
  const stream = userStream(userId);
  await beforeAppend?.(events, revision);
  const added = await appendFacts(deps, {
    ...{ stream, events, expected: revision, cause },
    ...(eventIds && { ids: eventIds }),
    ...(record && { ids: events.map((_, index) => record.eventId(stream, index)), request: record.request }),
  }).catch((error: unknown) => {
    if (!isCertain(error)) progress.outcome = 'unknown';
    throw error;
  });
  progress.outcome = 'appended';
  deps.crashPoint?.('facts-appended');
  return required(userAsOf(userId, [...facts, ...added]));
};

/** Whether the append certainly wrote nothing, also because the events could not be sealed. */
const isCertain = (error: unknown): boolean =>
  isNotAppended(error) || error instanceof SubjectErased || error instanceof Refused;

/** `undefined` for an erased user: the data key that the record is derived from is destroyed. */
const recordFor = async (deps: FactDeps, { userId, state }: LoadedUser, request: IdempotentRequest) => {
  const key = state.status === 'erased' ? undefined : (await deps.keys.fetch([userId])).get(userId);
  return key instanceof KeyObject ? idempotencyRecord(key, request) : undefined;
};

/** The user after the request with this record; `undefined` if no attempt of it was stored yet. */
const resultOf = (record: IdempotencyRecord, { userId, facts }: LoadedUser): ExistingUser | undefined => {
  const count = findRecorded(record, userStream(userId), facts);
  return count === undefined ? undefined : required(userAsOf(userId, facts.slice(0, count)));
};

/** The user as of the revision at which the request with this record found nothing to change. */
const noOpResultOf = async (deps: FactDeps, record: IdempotencyRecord, loaded: ExistingUser) => {
  const revision = await findNoOp(deps, record, loaded.userId);
  return revision === undefined ? undefined : userAt(deps, loaded, revision);
};

const rememberResult = async (
  deps: FactDeps,
  changed: ExistingUser,
  record: IdempotencyRecord,
): Promise<ExistingUser> => userAt(deps, changed, (await rememberNoOp(deps, record, changed)) ?? changed.revision);

/** @param loaded is loaded again if another attempt has seen a later revision. */
const userAt = async (deps: FactDeps, loaded: ExistingUser, revision: bigint): Promise<ExistingUser> => {
  const { userId, facts } = revision > loaded.revision ? await loadUser(deps, loaded.userId) : loaded;
  return required(
    userAsOf(
      userId,
      facts.filter((fact) => fact.revision <= revision),
    ),
  );
};

/**
 * Of two concurrent requests under one key, the log stores one and acknowledges both, since their event ids are equal. The
 * stream tells which one was stored.
 */
const reloadResult = async (deps: FactDeps, changed: ExistingUser, record: IdempotencyRecord): Promise<ExistingUser> =>
  resultOf(record, await loadUser(deps, changed.userId)) ?? changed;
