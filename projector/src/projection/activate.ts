import { whileActive } from '@ums/kit/single-active/whileActive';
import { isPrintable } from '@ums/kit/startRefused';
import { ProjectionStopped } from './parked.js';
import type { Revisioned } from './projection.js';
import type { RunDeps } from './run.js';
import { supervise } from './supervise.js';

/** `standby` waits for the lock that `active` holds; `stopped` gave up until the next start of the process. */
export type ProjectionState = 'standby' | 'active' | 'stopped';

export interface ActiveProjection {
  state(): ProjectionState;
  /** Resolves when nothing of it runs any more: after the signal, or when it stopped. */
  done: Promise<void>;
}

/**
 * Runs a projection in at most one process. The other instances stand by, and take over when the holder of the lock ends,
 * dies or is paused. Where the lock does not hold, the fence of the checkpoint does (F-14).
 */
export const activate = <Row extends Revisioned>(
  deps: RunDeps<Row> & { url: string },
  signal: AbortSignal,
): ActiveProjection => {
  const { projection, url, log } = deps;
  let state: ProjectionState = 'standby';
  const turn = { url, name: `projection ${projection.name}`, signal, log, isFatal: needsOperator };
  const done = whileActive(turn, async (active) => {
    state = 'active';
    await supervise(deps, active.signal);
    state = 'standby';
  }).catch((error: unknown) => {
    state = 'stopped';
    log.error('projection stopped', { projection: projection.name, error });
  });
  return { state: () => state, done };
};

const needsOperator = (error: unknown): boolean => error instanceof ProjectionStopped || isPrintable(error);
