import { setTimeout as sleep } from 'node:timers/promises';
import { isPrintable } from '@ums/kit/startRefused';
import { RevisionGap } from './foldBatch.js';
import { ProjectionStopped } from './parked.js';
import type { Revisioned } from './projection.js';
import { type RunDeps, runProjection } from './run.js';

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;

/**
 * Keeps one projection running under a lock already held: after a failure it runs again from the stored checkpoint, after a
 * growing wait, until the signal aborts.
 *
 * @throws ProjectionStopped, StartRefused: what only an operator can mend.
 */
export const supervise = async <Row extends Revisioned>(deps: RunDeps<Row>, signal: AbortSignal): Promise<void> => {
  const { projection, log, metrics } = deps;
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      await runProjection(deps, signal, () => {
        attempt = 1;
      });
    } catch (error) {
      if (signal.aborted) break;
      if (error instanceof ProjectionStopped || isPrintable(error)) throw error;
      metrics.restarted(error instanceof Error ? error.name : 'unknown');
      if (error instanceof RevisionGap) {
        const { stream, revision, position } = error.event;
        log.error('event missing', { projection: projection.name, stream, revision, position, attempt });
      } else log.warn('projection restarts', { projection: projection.name, attempt, error });
    }
    const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 10), LONGEST_WAIT_MS);
    await sleep(wait * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }
};
