import { setTimeout as sleep } from 'node:timers/promises';
import { backoffMs } from '@ums/kit/backoffMs';
import { Superseded } from '@ums/kit/event-log/checkpointStore';
import { isOperatorError } from '@ums/kit/startRefused';
import { RevisionGap } from './foldBatch.js';
import { ProjectionStopped } from './parked.js';
import type { Revisioned } from './projection.js';
import { type RunDeps, runProjection } from './runProjection.js';

const BACKOFF = { firstMs: 50, maxMs: 5_000 };

/**
 * Runs a projection until the signal aborts, under a lock that the caller holds. After a failure it waits, twice as long each
 * time (up to 50 ms at first, up to 5 s later), then runs again from the stored checkpoint.
 *
 * @throws ProjectionStopped, StartRefused: failures that need an operator.
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
      if (needsOperator(error)) throw error;
      metrics.restarted(error instanceof Error ? error.name : 'unknown');
      if (error instanceof RevisionGap) {
        const { stream, revision, position } = error.event;
        log.error('events missing before this revision', {
          projection: projection.name,
          stream,
          revision,
          expected: error.expected,
          position,
          attempt,
        });
      } else {
        const reason = error instanceof Superseded ? { reason: error.message } : {};
        log.warn('projection restarts', { projection: projection.name, attempt, ...reason, error });
      }
    }
    await sleep(backoffMs(attempt, BACKOFF), undefined, { signal }).catch(() => undefined);
  }
};

/** Whether repeating the run cannot help. */
export const needsOperator = (error: unknown): boolean => error instanceof ProjectionStopped || isOperatorError(error);
