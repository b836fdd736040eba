import { setTimeout as sleep } from 'node:timers/promises';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import type { FactDeps } from '../commandDeps.js';
import { readCheckpoint } from '../vault/checkpoint.js';

/** Name of the keeper's row in `checkpoint`. */
export const KEEPER = 'keeper';

const WAIT_MS = 2_000;
const POLL_MS = 10;

/** Whether the keeper, in whatever process it runs, has settled everything up to a position. */
export const keeperReached = async ({ vault }: Pick<FactDeps, 'vault'>, position: bigint): Promise<boolean> => {
  const checkpoint = await readCheckpoint(vault, KEEPER);
  return checkpoint !== undefined && checkpoint.position >= position;
};

/**
 * Waits until the vault knows all that the log says now.
 *
 * @throws DependencyUnavailable when that takes longer than two seconds; LogUnavailable.
 */
export const keeperAtHead = async (deps: Pick<FactDeps, 'vault' | 'eventLog'>): Promise<void> => {
  const head = await deps.eventLog.head();
  const deadline = performance.now() + WAIT_MS;
  while (head !== undefined && !(await keeperReached(deps, head))) {
    if (performance.now() >= deadline) throw new DependencyUnavailable('keeper');
    await sleep(POLL_MS);
  }
};
