import type { RecordedEvent } from '@ums/contracts/events/event';
import type { SigninEvent } from '@ums/contracts/events/signin';
import type { UserEvent } from '@ums/contracts/events/user';
import { currentType } from '@ums/contracts/stored/stored';
import { Undecodable } from '@ums/contracts/stored/undecodable';
import { parseStream } from '@ums/contracts/streams';
import { isUuid } from '@ums/contracts/uuid';
import { UnknownFact } from '@ums/kit/facts/loadFacts';
import { MissingKey } from '@ums/kit/facts/openFacts';
import { isDataError } from '@ums/kit/postgres/errors';
import { Refused } from '@ums/kit/refused';
import { SealBroken } from '@ums/kit/sealing/sealBroken';
import { settledRevisions } from '../account/accountRow.js';
import type { FactDeps } from '../account/factDeps.js';
import { withdrawRegistration } from '../account/registrationRemoval.js';
import { existingSessions, revokeSessions } from '../account/sessionRemoval.js';
import { type Settled, settle } from '../account/settle.js';
import { settleUser } from '../change/settleUser.js';
import { settlePicture } from '../picture/settlePicture.js';
import { type LoadedUser, loadSealedUser, loadUser } from '../user/loadUser.js';
import type { UserState } from '../user/userState.js';
import { RECONCILER } from './reconcilerPosition.js';

const ERASURE: UserEvent['type'] = 'UserErasureStarted';
const SESSION_END: SigninEvent['type'] = 'SessionEnded';

export interface Reconciled {
  /** Whether an erasure started. */
  erasing: boolean;
  /**
   * Outcomes of pictures that could not be appended, because their users changed at the same time each time. They belong into
   * a later batch: a conflict means that the log holds another event, which is still to come.
   */
  contested: RecordedEvent[];
}

/**
 * Makes the vault agree with events of the log, in any order, and takes the outcomes of pictures over to their users. Costs
 * one query if the commands have settled all of them, otherwise also one read and one transaction for each user that is not
 * settled.
 */
export const reconcileBatch = async (deps: FactDeps, events: readonly RecordedEvent[]): Promise<Reconciled> => {
  const revisions = new Map<string, bigint>();
  /** User id by session id. */
  const endedSessions = new Map<string, string>();
  const outcomes: RecordedEvent[] = [];
  let erasing = false;
  for (const event of events) {
    const name = parseStream(event.stream);
    if (name?.category === 'picture') outcomes.push(event);
    if (name?.category === 'signin') addEndedSession(endedSessions, name.id, event);
    if (name?.category !== 'user') continue;
    if (event.revision > (revisions.get(name.id) ?? -1n)) revisions.set(name.id, event.revision);
    if (currentType(event.type) !== ERASURE) continue;
    deps.keys.evict(name.id);
    erasing = true;
  }
  await endSessions(deps, endedSessions);
  if (revisions.size > 0) await settleUsers(deps, revisions);
  const contested: RecordedEvent[] = [];
  for (const outcome of outcomes)
    await skipUnsettled(deps, 'picture not settled', () => settleOutcome(deps, outcome, contested), {
      stream: outcome.stream,
    });
  return { erasing, contested };
};

/** A user who keeps changing themselves must not delay the revocations of other users. */
const settleOutcome = async (deps: FactDeps, outcome: RecordedEvent, contested: RecordedEvent[]): Promise<void> => {
  try {
    await settlePicture(deps, outcome, RECONCILER);
  } catch (error) {
    if (!(error instanceof Refused && error.slug === 'conflict')) throw error;
    contested.push(outcome);
  }
};

const settleUsers = async (deps: FactDeps, revisions: ReadonlyMap<string, bigint>): Promise<void> => {
  const settled = await settledRevisions(deps.vault, [...revisions.keys()]);
  for (const [userId, revision] of revisions)
    if ((settled.get(userId) ?? -1n) < revision)
      await skipUnsettled(deps, 'account not settled', () => settleLogged(deps, userId, revision), {
        userId,
        revision,
      });
};

/**
 * A user without an account registered after the backup of a restored vault. Their registration cannot be confirmed again, so it is
 * withdrawn: the address may register anew.
 */
const settleLogged = async (deps: FactDeps, userId: string, revision: bigint): Promise<void> => {
  const { state, settled } = await settleFromLog(deps, userId);
  if (settled !== 'absent') return;
  deps.log.error('user has events but no account', { userId, revision });
  if ('registrationId' in state) await withdrawRegistration(deps.vault, state.registrationId);
};

/**
 * What cannot be read or stored of one user must not delay the revocations of other users. Commands on that user fail until it
 * can.
 */
const skipUnsettled = async (
  { log }: FactDeps,
  result: 'account not settled' | 'picture not settled',
  settle: () => Promise<void>,
  of: object,
): Promise<void> => {
  try {
    await settle();
  } catch (error) {
    const reason = UNREADABLE.some((kind) => error instanceof kind)
      ? 'user stream cannot be read'
      : isDataError(error)
        ? 'vault refuses the data'
        : undefined;
    if (reason === undefined) throw error;
    log.error(`${reason}; ${result}`, { ...of, error });
  }
};

/** The last two: the data key of the user is missing or another one, as in a restored vault. */
const UNREADABLE = [Undecodable, UnknownFact, MissingKey, SealBroken];

/** Without a data key: standing is not personal. */
const settleFromLog = async (deps: FactDeps, userId: string): Promise<{ state: UserState; settled: Settled }> => {
  const sealed = await loadSealedUser(deps, userId);
  const { revision, state } = sealed;
  if (revision === undefined || state.status === 'unknown') return { state, settled: 'absent' };
  const readsAddresses = state.status === 'erased' || state.addressFrom > 0n || state.mailBlocksFrom > 0n;
  const settled = readsAddresses
    ? await settleUser(deps, await loadUnsealed(deps, sealed))
    : await settle(deps, userId, revision, state);
  return { state, settled };
};

/**
 * The erasure notice and the rows of a changed address need the address. If the data key is missing, as in a restored vault,
 * the address cannot be unsealed: no notice is mailed, and the rows stay as they are.
 */
const loadUnsealed = async (deps: FactDeps, sealed: LoadedUser): Promise<LoadedUser> => {
  try {
    return await loadUser(deps, sealed.userId);
  } catch (error) {
    if (!(error instanceof MissingKey || error instanceof SealBroken)) throw error;
    return sealed;
  }
};

/** Ends sessions that have ended in the log but still exist in the vault, after a crash in between or a restore. */
const endSessions = async (deps: FactDeps, userIds: ReadonlyMap<string, string>): Promise<void> => {
  if (userIds.size === 0) return;
  for (const id of await existingSessions(deps.vault, [...userIds.keys()])) {
    const userId = userIds.get(id);
    if (userId !== undefined) await revokeSessions(deps.vault, userId, [id]);
  }
};

const addEndedSession = (userIds: Map<string, string>, userId: string, event: RecordedEvent): void => {
  if (currentType(event.type) !== SESSION_END) return;
  const sessionId = (event.data as { sessionId?: unknown } | null)?.sessionId;
  if (isUuid(sessionId)) userIds.set(sessionId, userId);
};
