import { serviceCause } from '@ums/kit/facts/cause';
import { sweepErasureNotices, unfinishedErasures } from '../account/erasureRow.js';
import { sweepRevocations } from '../account/revocationRow.js';
import type { FactDeps } from '../commandDeps.js';
import { finishErasure } from '../erasure/finishErasure.js';
import { sweepAttempts } from '../limits/attempts.js';
import { completeRegistration } from '../registration/completeRegistration.js';
import { loadRegistration } from '../registration/loadRegistration.js';
import { sweepMailRequests } from '../registration/mailRequestRow.js';
import { sweepRegistrations, unfinishedRegistrations } from '../registration/registrationRow.js';
import { sweepSessions } from '../session/sessionRow.js';
import { RECONCILER } from './reconcilerPosition.js';

const AT_ONCE = 100;

/**
 * One round through the vault: finishes what died half way and deletes what is over. Each part by itself: one that fails
 * is logged and tried again in the next round, and keeps no other waiting.
 */
export const sweep = async (deps: FactDeps): Promise<void> => {
  for (const [name, part] of Object.entries(PARTS)) await attempted(deps, name, () => part(deps));
};

/** Claimed, and then the process died: completed with confirm's own function. */
const completeRegistrations = async (deps: FactDeps): Promise<void> => {
  for (const id of await unfinishedRegistrations(deps.vault, AT_ONCE))
    await attempted(deps, 'registration', async () => {
      const [requested] = (await loadRegistration(deps, id)).facts;
      if (requested === undefined) return;
      const { $correlationId: correlationId } = requested.metadata;
      await completeRegistration(deps, id, serviceCause(RECONCILER, { id: requested.id, correlationId }));
    });
};

/** What is left of erasures outside the vault; by itself for the keeper that has just seen one begin. Never throws. */
export const sweepErasures = (deps: FactDeps): Promise<void> => attempted(deps, 'erasures', () => finishErasures(deps));

const finishErasures = async (deps: FactDeps): Promise<void> => {
  for (const userId of await unfinishedErasures(deps.vault))
    await attempted(deps, 'erasure', () => finishErasure(deps, userId, RECONCILER));
};

const endRegistrations = async (deps: FactDeps): Promise<void> => {
  for (const id of await sweepRegistrations(deps.vault, deps.clock.now())) deps.keys.forget(id);
};

const PARTS: Readonly<Record<string, (deps: FactDeps) => Promise<unknown>>> = {
  completeRegistrations,
  finishErasures,
  endRegistrations,
  endMailRequests: ({ vault, clock }) => sweepMailRequests(vault, clock.now()),
  endErasureNotices: ({ vault, clock }) => sweepErasureNotices(vault, clock.now()),
  endSessions: ({ vault, clock }) => sweepSessions(vault, clock.now()),
  endAttempts: ({ vault, clock }) => sweepAttempts(vault, clock.now()),
  endRevocations: ({ vault }) => sweepRevocations(vault),
};

const attempted = async (deps: FactDeps, reason: string, work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    deps.log.warn('sweep failed', { reason, error });
  }
};
