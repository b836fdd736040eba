import type { Fact, RecordedEvent } from '@ums/contracts/events/event';
import { Undecodable } from '@ums/contracts/events/undecodable';
import type { UserEvent } from '@ums/contracts/events/user';
import { ERASED } from '@ums/contracts/personal';
import { decode } from '@ums/contracts/stored';
import { parseStream, userStream } from '@ums/contracts/streams';
import { UnknownFact } from '@ums/kit/facts/loadFacts';
import { MissingKey } from '@ums/kit/facts/openFacts';
import type { Transaction } from '@ums/kit/postgres/transaction';
import { SealBroken } from '@ums/kit/sealing/sealBroken';
import { type Settled, settle } from '../account/settle.js';
import { settleUser } from '../account/settleUser.js';
import type { FactDeps } from '../commandDeps.js';
import { existingSessions, revokeSession } from '../session/sessionRow.js';
import { userState } from '../user/evolve.js';
import { type LoadedUser, loadUser, userAsOf } from '../user/loadUser.js';

/**
 * Makes the vault agree with a stretch of the log. Costs one query where the commands have settled all of it; else one
 * read and one transaction for each user the vault is behind on. Needs no data key: standing is not personal.
 *
 * @returns whether somebody's erasure began.
 */
export const reconcileBatch = async (deps: FactDeps, events: readonly RecordedEvent[]): Promise<boolean> => {
  const revisions = new Map<string, bigint>();
  const ended = new Map<string, string>();
  let erasing = false;
  for (const { stream, type, revision, data } of events) {
    const name = parseStream(stream);
    if (name?.category === 'user') revisions.set(name.id, revision);
    const sessionId = type === 'SessionEnded' ? sessionOf(data) : undefined;
    if (name?.category === 'signin' && sessionId !== undefined) ended.set(sessionId, name.id);
    if (name?.category === 'user' && type === 'UserErasureStarted') {
      deps.keys.forget(name.id);
      erasing = true;
    }
  }
  await endSessions(deps, ended);
  if (revisions.size === 0) return erasing;
  const known = await settledRevisions(deps.vault, [...revisions.keys()]);
  for (const [userId, revision] of revisions)
    if ((known.get(userId) ?? -1n) < revision) await catchUpOrSkip(deps, userId);
  return erasing;
};

const catchUpOrSkip = async (deps: FactDeps, userId: string): Promise<void> => {
  try {
    if ((await catchUp(deps, userId)) === 'absent') deps.log.error('a user has no account', { userId });
  } catch (error) {
    // One unreadable history must not keep everybody else's cuts waiting; its own commands fail until it is mended.
    if (!(error instanceof Undecodable || error instanceof UnknownFact)) throw error;
    deps.log.error('a user cannot be settled', { userId, error });
  }
};

const catchUp = async (deps: FactDeps, userId: string): Promise<Settled> => {
  const events = await deps.eventLog.readStream(userStream(userId));
  const facts = events.map(unopened);
  const state = userState(facts);
  const revision = events.at(-1)?.revision;
  if (revision === undefined || state.status === 'unknown') return 'stale';
  return state.status === 'erased'
    ? settleUser(deps, await readable(deps, userId, facts))
    : settle(deps, userId, revision, state);
};

/** Standing needs no key; whatever is personal reads as erased here. */
const unopened = (event: RecordedEvent): Fact<UserEvent> => {
  const fact = decode(event, () => ERASED);
  if (fact === undefined) throw new UnknownFact(event.type);
  return fact as Fact<UserEvent>;
};

/** An erasure wants to know where the goodbye goes. A restored vault may have no key to tell it: then nobody is mailed. */
const readable = async (deps: FactDeps, userId: string, facts: Fact<UserEvent>[]): Promise<LoadedUser> => {
  try {
    return await loadUser(deps, userId);
  } catch (error) {
    if (!(error instanceof MissingKey || error instanceof SealBroken)) throw error;
    return userAsOf(userId, facts);
  }
};

/** Ended in the log, yet alive in the vault: the process died in between, or the vault was restored. */
const endSessions = async (deps: FactDeps, ended: ReadonlyMap<string, string>): Promise<void> => {
  if (ended.size === 0) return;
  for (const id of await existingSessions(deps.vault, [...ended.keys()])) {
    const userId = ended.get(id);
    if (userId !== undefined) await revokeSession(deps.vault, userId, id);
  }
};

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const sessionOf = (data: unknown): string | undefined => {
  const id = (data as { sessionId?: unknown } | null)?.sessionId;
  return typeof id === 'string' && UUID.test(id) ? id : undefined;
};

/** Settled revisions, by user; users without account are absent. */
const settledRevisions = async (vault: Transaction, userIds: string[]): Promise<Map<string, bigint>> => {
  const sql = 'select user_id, revision from account where user_id = any($1::uuid[])';
  const { rows } = await vault.query<{ user_id: string; revision: string }>(sql, [userIds]);
  return new Map(rows.map((row) => [row.user_id, BigInt(row.revision)]));
};
