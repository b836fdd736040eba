import { whileActive } from '@ums/kit/single-active/whileActive';
import type { Revisioned } from './projection.js';
import type { RunDeps } from './runProjection.js';
import { needsOperator, supervise } from './supervise.js';

/** `standby`: another instance holds the lock. `stopped`: failed; only a restart of the process runs it again. */
export type ProjectionState = 'standby' | 'active' | 'stopped';

export interface ActiveProjection {
  state(): ProjectionState;
  /** Resolves once nothing of the projection runs any more: after the signal, or when it has stopped. */
  done: Promise<void>;
}

/**
 * Runs a projection in one process at a time. Other instances stand by and take over when the lock holder exits, dies or is
 * paused. A paused holder that resumes cannot write, because the fenced checkpoint has moved (F-14).
 */
export const activate = <Row extends Revisioned>(
  deps: RunDeps<Row> & { url: string },
  signal: AbortSignal,
): ActiveProjection => {
  const { projection, url, log } = deps;
  let state: ProjectionState = 'standby';
  const options = { url, name: `projection ${projection.name}`, signal, log, isFatal: needsOperator };
  const done = whileActive(options, async (active) => {
    state = 'active';
    await supervise(deps, active.signal);
    state = 'standby';
  }).catch((error: unknown) => {
    state = 'stopped';
    log.error('projection stopped', { projection: projection.name, error });
  });
  return { state: () => state, done };
};
