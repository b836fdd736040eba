import { holdAdvisoryLock } from '@ums/kit/postgres/advisoryLock';
import type { Revisioned } from './projection.js';
import type { SessionDeps } from './session.js';
import { supervise } from './supervise.js';

/** `standby` waits for the lock that `active` holds; `stopped` gave up until a new start. */
export type ProjectionState = 'standby' | 'active' | 'stopped';

export interface ActiveProjection {
  state(): ProjectionState;
  /** Resolves when nothing of it runs any more: after the signal, or when it stopped. */
  done: Promise<void>;
}

/**
 * Runs a projection in at most one process: the others stand by, and take over when the holder of the lock ends, dies or
 * is paused. The fence of the checkpoint holds where the lock does not (F-14).
 */
export const activate = <Row extends Revisioned>(
  deps: SessionDeps<Row> & { url: string },
  signal: AbortSignal,
): ActiveProjection => {
  let state: ProjectionState = 'standby';

  const hold = async (): Promise<void> => {
    while (!signal.aborted && state !== 'stopped') {
      const lost = new AbortController();
      const lock = await holdAdvisoryLock({
        url: deps.url,
        key: `projection ${deps.projection.name}`,
        onLost: () => lost.abort(),
        signal,
        log: deps.log,
      });
      state = 'active';
      const end = await supervise(deps, AbortSignal.any([signal, lost.signal]));
      state = end === 'stopped' ? 'stopped' : 'standby';
      await lock.release();
    }
  };

  const done = hold().catch((error: unknown) => {
    if (signal.aborted) return;
    state = 'stopped';
    deps.log.error('projection stopped', { projection: deps.projection.name, error });
  });
  return { state: () => state, done };
};
