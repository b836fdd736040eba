import type { UserEvent } from '@ums/contracts/events/user';
import { userStream } from '@ums/contracts/streams';
import { appendFacts } from '@ums/kit/facts/appendFacts';
import { serviceCause } from '@ums/kit/facts/cause';
import type { FactDeps } from '../account/factDeps.js';
import { decide } from '../user/decide.js';
import { userErasedId } from '../user/derivedIds.js';
import { loadUser } from '../user/loadUser.js';
import { deleteErasure } from './erasureRow.js';

/**
 * The last steps of an erasure, done by the reconciler once no data of the user is left: appends `UserErased` and removes
 * the erasure from the list of unfinished ones. Idempotent.
 *
 * @param by name of the acting service, for the event's metadata.
 * @throws LogUnavailable; WrongRevision if another reconciler appended first. The next sweep tries again.
 */
export const finishErasure = async (deps: FactDeps, userId: string, by: string): Promise<void> => {
  const { state, facts, revision } = await loadUser(deps, userId);
  const started = facts.find(({ type }) => type === 'UserErasureStarted');
  const events = decide({ type: 'FinishErasure' }, state);
  if (events.length > 0 && revision !== undefined && started !== undefined) {
    await appendFacts<UserEvent>(deps, {
      stream: userStream(userId),
      events,
      expected: revision,
      cause: serviceCause(by, { id: started.id, correlationId: started.metadata.$correlationId }),
      ids: [userErasedId(userId)],
    });
    deps.crashPoint?.('erasure-finished');
  }
  await deleteErasure(deps.vault, userId);
};
