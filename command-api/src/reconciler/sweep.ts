import { serviceCause } from '@ums/kit/facts/cause';
import { sweepErasureNotices, unfinishedErasures } from '../account/erasureRow.js';
import { sweepRevocations } from '../account/revocationRow.js';
import type { FactDeps } from '../commandDeps.js';
import { finishErasure } from '../erasure/finishErasure.js';
import { sweepAttempts } from '../limits/attempts.js';
import { sweepKnownSources } from '../limits/knownSource.js';
import { sweepRequestCounts } from '../limits/requestCount.js';
import { completeRegistration } from '../registration/completeRegistration.js';
import { loadRegistration } from '../registration/loadRegistration.js';
import { sweepMailRequests } from '../registration/mailRequestRow.js';
import { sweepRegistrations, unfinishedRegistrations } from '../registration/registrationRow.js';
import { sweepSessions } from '../session/sessionRow.js';
import { RECONCILER } from './reconcilerPosition.js';

const MAX_REGISTRATIONS = 100;

/**
 * Finishes interrupted work in the vault and deletes expired rows. A step that fails is logged and tried again at the next
 * sweep; the other steps run all the same.
 */
export const sweep = async (deps: FactDeps): Promise<void> => {
  for (const [name, step] of Object.entries(STEPS)) await logFailure(deps, name, () => step(deps));
};

/** Completes registrations that were claimed before the process crashed, with the same function as a confirmation. */
const completeRegistrations = async (deps: FactDeps): Promise<void> => {
  for (const id of await unfinishedRegistrations(deps.vault, MAX_REGISTRATIONS))
    await logFailure(deps, 'completeRegistration', async () => {
      const [requested] = (await loadRegistration(deps, id)).facts;
      if (requested === undefined) return;
      const { $correlationId: correlationId } = requested.metadata;
      await completeRegistration(deps, id, serviceCause(RECONCILER, { id: requested.id, correlationId }));
    });
};

/** Finishes the work of erasures outside the vault. The reconciler also calls it when an erasure starts. Never throws. */
export const sweepErasures = (deps: FactDeps): Promise<void> =>
  logFailure(deps, 'finishErasures', () => finishErasures(deps));

const finishErasures = async (deps: FactDeps): Promise<void> => {
  for (const userId of await unfinishedErasures(deps.vault))
    await logFailure(deps, 'finishErasure', () => finishErasure(deps, userId, RECONCILER));
};

const deleteRegistrations = async (deps: FactDeps): Promise<void> => {
  for (const id of await sweepRegistrations(deps.vault, deps.clock.now())) deps.keys.forget(id);
};

const STEPS: Readonly<Record<string, (deps: FactDeps) => Promise<unknown>>> = {
  completeRegistrations,
  finishErasures,
  deleteRegistrations,
  deleteMailRequests: ({ vault, clock }) => sweepMailRequests(vault, clock.now()),
  deleteErasureNotices: ({ vault, clock }) => sweepErasureNotices(vault, clock.now()),
  deleteSessions: ({ vault, clock }) => sweepSessions(vault, clock.now()),
  deleteAttempts: ({ vault, clock }) => sweepAttempts(vault, clock.now()),
  deleteKnownSources: ({ vault, clock }) => sweepKnownSources(vault, clock.now()),
  deleteRequestCounts: ({ vault, clock }) => sweepRequestCounts(vault, clock.now()),
  deleteRevocations: ({ vault }) => sweepRevocations(vault),
};

const logFailure = async (deps: FactDeps, reason: string, work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    deps.log.warn('sweep failed', { reason, error });
  }
};
