import { setTimeout as sleep } from 'node:timers/promises';
import { isPrintable } from '@ums/kit/startRefused';
import { RevisionGap } from './foldBatch.js';
import { ProjectionStopped } from './parked.js';
import type { Revisioned } from './projection.js';
import { runSession, type SessionDeps } from './session.js';

const FIRST_WAIT_MS = 50;
const LONGEST_WAIT_MS = 5_000;

/**
 * Keeps one projection going under a lock already held: a session that fails is followed by another, after a growing
 * wait, until the signal aborts or somebody must look first.
 *
 * @returns whether it was asked to end (`ended`) or gave up (`stopped`).
 */
export const supervise = async <Row extends Revisioned>(
  deps: SessionDeps<Row>,
  signal: AbortSignal,
): Promise<'ended' | 'stopped'> => {
  const { projection, log, metrics } = deps;
  for (let attempt = 1; !signal.aborted; attempt++) {
    try {
      await runSession(deps, signal, () => {
        attempt = 1;
      });
    } catch (error) {
      if (signal.aborted) break;
      if (error instanceof ProjectionStopped || isPrintable(error)) {
        log.error('projection stopped', { projection: projection.name, error });
        return 'stopped';
      }
      metrics.restarted(error instanceof Error ? error.name : 'unknown');
      if (error instanceof RevisionGap) {
        const { stream, revision, position } = error.event;
        log.error('event missing', { projection: projection.name, stream, revision, position, attempt });
      } else log.warn('projection restarts', { projection: projection.name, attempt, error });
    }
    const wait = Math.min(FIRST_WAIT_MS * 2 ** Math.min(attempt - 1, 10), LONGEST_WAIT_MS);
    await sleep(wait * (0.5 + Math.random() / 2), undefined, { signal }).catch(() => undefined);
  }
  return 'ended';
};
