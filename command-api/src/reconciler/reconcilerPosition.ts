import { setTimeout as sleep } from 'node:timers/promises';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { checkpointStore } from '@ums/kit/event-log/checkpointStore';
import { noteWait } from '@ums/kit/wait';
import type { FactDeps } from '../account/factDeps.js';

/** Stored name: the reconciler's row in `checkpoint`, its advisory lock, and the actor of the events it appends. */
export const RECONCILER = 'keeper';

/** How far the reconciler has settled the event log into the vault. */
export const reconcilerCheckpoint = checkpointStore('checkpoint', RECONCILER);

const WAIT_MS = 2_000;
const POLL_MS = 10;

/** Whether the active reconciler, in whichever process it runs, has settled everything up to this position. */
export const hasReconciled = async ({ vault }: Pick<FactDeps, 'vault'>, position: bigint): Promise<boolean> => {
  const checkpoint = await reconcilerCheckpoint.read(vault);
  return checkpoint !== undefined && checkpoint.position >= position;
};

/**
 * Waits until the vault has settled everything up to the current head of the log.
 *
 * @throws DependencyUnavailable if that takes longer than two seconds; LogUnavailable.
 */
export const waitForReconciler = async (deps: Pick<FactDeps, 'vault' | 'eventLog'>): Promise<void> => {
  const head = await deps.eventLog.head();
  const deadline = performance.now() + WAIT_MS;
  while (head !== undefined && !(await hasReconciled(deps, head))) {
    if (performance.now() >= deadline) {
      const limit = `behind the log for ${WAIT_MS} ms`;
      throw noteWait(new DependencyUnavailable('reconciler'), { dependency: 'reconciler', limit, waitedMs: WAIT_MS });
    }
    await sleep(POLL_MS);
  }
};
