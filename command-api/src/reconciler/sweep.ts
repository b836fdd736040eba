import { serviceCause } from '@ums/kit/facts/cause';
import { inBatches } from '@ums/kit/postgres/inBatches';
import { takeUnfinishedRegistrations } from '../account/accountWrites.js';
import { takeAddressClaims } from '../account/addressClaim.js';
import { sweepFormerMacs, sweepHeldAddresses } from '../account/addressRow.js';
import { sweepEmailChanges } from '../account/emailChangeRow.js';
import type { FileDeps } from '../account/factDeps.js';
import { sweepNoOps } from '../account/idempotencyRow.js';
import { sweepMailBlocks } from '../account/mailBlockRow.js';
import { sweepMailRequests } from '../account/mailRequestRow.js';
import { sweepRegistrations } from '../account/registrationRemoval.js';
import { sweepRevocations } from '../account/revocationRow.js';
import { sweepSessions } from '../account/sessionRemoval.js';
import { sweepWaitingGrants } from '../account/waitingGrantRow.js';
import { finishAddressClaim } from '../email-change/finishAddressClaim.js';
import { sweepErasureNotices } from '../erasure/erasureNoticeRow.js';
import { unfinishedErasures } from '../erasure/erasureRow.js';
import { finishErasure } from '../erasure/finishErasure.js';
import { sweepAttempts } from '../limits/attemptRow.js';
import { sweepKnownSources } from '../limits/knownSourceRow.js';
import { sweepRequestCounts } from '../limits/requestCountRow.js';
import { sweepUploads } from '../picture/sweepUploads.js';
import { completeRegistration } from '../registration/completeRegistration.js';
import { loadRegistration } from '../registration/loadRegistration.js';
import { RECONCILER } from './reconcilerPosition.js';

export interface SweepOptions {
  /** How long a claimed registration or address is left to the confirmation that claimed it. Shorter in tests. @default 30 s */
  claimAgeMs?: number;
  /** Whether to delete expired rows that no person waits for as well. @default true */
  isFull?: boolean;
  /**
   * Whether to look through what has no time of expiry as well: uploads that nothing refers to, and blocks of addresses without an
   * account. Costs more the more there are. @default true
   */
  isThorough?: boolean;
  /** Ends the sweep early: the process that takes over sweeps again. */
  signal?: AbortSignal;
}

const MAX_CLAIMS = 100;
/** Longer than any request takes: a confirmation in progress must not lose its claim to the sweep. */
const CLAIM_AGE_MS = 30_000;

/**
 * Finishes interrupted work in the vault and deletes expired rows. A step that fails is logged and tried again at the next
 * sweep; the other steps still run.
 */
export const sweep = async (deps: FileDeps, options: SweepOptions = {}): Promise<void> => {
  const { isFull = true, isThorough = true, signal } = options;
  const steps: Steps = { ...STEPS, ...(isFull ? RARE_STEPS : {}), ...(isThorough ? THOROUGH_STEPS : {}) };
  for (const [name, step] of Object.entries(steps))
    if (!signal?.aborted) await logFailure(deps, name, () => step(deps, options));
};

/** Completes registrations that were claimed before the process crashed, with the same function as a confirmation. */
const completeRegistrations = async (deps: FileDeps, { claimAgeMs = CLAIM_AGE_MS }: SweepOptions): Promise<void> => {
  for (const id of await takeUnfinishedRegistrations(deps.vault, { limit: MAX_CLAIMS, claimAgeMs }))
    await logFailure(deps, 'completeRegistration', async () => {
      const [requested] = (await loadRegistration(deps, id)).facts;
      // Without it, an operator has deleted the stream. The rest of a registered user needs nothing of it.
      const after = requested && { id: requested.id, correlationId: requested.metadata.$correlationId };
      await completeRegistration(deps, id, serviceCause(RECONCILER, after ?? { id }));
    });
};

/** Finishes or releases addresses that were claimed for a change before the process crashed. */
const finishAddressClaims = async (deps: FileDeps, { claimAgeMs = CLAIM_AGE_MS }: SweepOptions): Promise<void> => {
  for (const claim of await takeAddressClaims(deps.vault, { limit: MAX_CLAIMS, claimAgeMs }))
    await logFailure(deps, 'finishAddressClaim', () => finishAddressClaim(deps, claim, RECONCILER));
};

/** Finishes the work of erasures outside the vault. The reconciler also calls it when an erasure starts. Never throws. */
export const sweepErasures = (deps: FileDeps, signal: AbortSignal): Promise<void> =>
  logFailure(deps, 'finishErasures', () => finishErasures(deps, { signal }));

const finishErasures = async (deps: FileDeps, { signal }: SweepOptions): Promise<void> => {
  for (const erasure of await unfinishedErasures(deps.vault)) {
    if (signal?.aborted) return;
    await logFailure(deps, 'finishErasure', () => finishErasure(deps, erasure, RECONCILER, signal));
  }
};

const deleteRegistrations = (deps: FileDeps): Promise<void> =>
  inBatches(async (limit) => {
    const ids = await sweepRegistrations(deps.vault, deps.clock.now(), limit);
    for (const id of ids) deps.keys.evict(id);
    return { rowCount: ids.length };
  });

type Steps = Readonly<Record<string, (deps: FileDeps, options: SweepOptions) => Promise<unknown>>>;

const STEPS: Steps = {
  completeRegistrations,
  finishAddressClaims,
  finishErasures,
  deleteRegistrations,
  deleteMailRequests: ({ vault, clock }) => sweepMailRequests(vault, clock.now()),
  deleteHeldAddresses: ({ vault, clock }) => sweepHeldAddresses(vault, clock.now()),
  deleteErasureNotices: ({ vault, clock }) => sweepErasureNotices(vault, clock.now()),
};

/** Rows without effect once they have expired. */
const RARE_STEPS: Steps = {
  deleteSessions: ({ vault, clock }) => sweepSessions(vault, clock.now()),
  deleteEmailChanges: ({ vault, clock }) => sweepEmailChanges(vault, clock.now()),
  deleteFormerMacs: ({ vault, clock }) => sweepFormerMacs(vault, clock.now()),
  deleteNoOps: ({ vault, clock }) => sweepNoOps(vault, clock.now()),
  deleteWaitingGrants: ({ vault, clock }) => sweepWaitingGrants(vault, clock.now()),
  deleteAttempts: ({ vault, clock }) => sweepAttempts(vault, clock.now()),
  deleteKnownSources: ({ vault, clock }) => sweepKnownSources(vault, clock.now()),
  deleteRequestCounts: ({ vault, clock }) => sweepRequestCounts(vault, clock.now()),
  deleteRevocations: ({ vault }) => sweepRevocations(vault),
};

const THOROUGH_STEPS: Steps = {
  deleteMailBlocks: ({ vault }) => sweepMailBlocks(vault),
  sweepUploads,
};

const logFailure = async (deps: FileDeps, reason: string, work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    deps.log.warn('sweep failed', { reason, error });
  }
};
