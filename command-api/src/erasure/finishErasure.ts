import type { UserEvent } from '@ums/contracts/events/user';
import { userStream } from '@ums/contracts/streams';
import { v5 } from 'uuid';
import type { FactDeps } from '../commandDeps.js';
import { appendFacts } from '../facts/appendFacts.js';
import { ownCause } from '../facts/cause.js';
import { loadUser } from '../facts/loadFacts.js';
import { decide } from '../user/decide.js';
import { deleteErasure } from '../vault/erasure.js';

/**
 * The last steps of an erasure, by the keeper: once nothing of the person is left anywhere, `UserErased` says so, and the
 * work is off the list. Idempotent.
 *
 * @throws LogUnavailable; WrongRevision when another keeper was quicker. Both are tried again.
 */
export const finishErasure = async (deps: FactDeps, userId: string): Promise<void> => {
  const { state, facts, revision } = await loadUser(deps, userId);
  const started = facts.find(({ type }) => type === 'UserErasureStarted');
  const events = decide({ type: 'FinishErasure' }, state);
  if (events.length > 0 && revision !== undefined && started !== undefined) {
    await appendFacts<UserEvent>(deps, {
      stream: userStream(userId),
      events,
      expected: revision,
      cause: ownCause('keeper', { id: started.id, correlationId: started.metadata.$correlationId }),
      ids: [v5('UserErased', userId)],
    });
    deps.crashPoint?.('erasure-finished');
  }
  await deleteErasure(deps.vault, userId);
};
