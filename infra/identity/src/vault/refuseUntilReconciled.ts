import { setTimeout as sleep } from 'node:timers/promises';
import { DependencyUnavailable } from '@ums/kit/dependencyUnavailable';
import { noteWait } from '@ums/kit/wait';
import type { RequestHandler } from 'express';
import type { SettledVault } from './settledVault.js';

/** A vault that hangs must not hold up requests for longer than any other dependency (F-03). */
const LONGEST_WAIT_MS = 1_500;

/**
 * Refuses requests until the vault has settled everything up to the head that the log had at the start. A vault that was
 * restored from a backup may still know people who have been erased, and their sessions; a proxy that does not ask for
 * readiness would let them in. Once that is done, requests cost nothing more.
 *
 * @throws DependencyUnavailable
 */
export const refuseUntilReconciled = ({ ready }: SettledVault, longestWaitMs = LONGEST_WAIT_MS): RequestHandler => {
  let isReconciled = false;
  return async (_request, _response, next) => {
    const askedAt = performance.now();
    isReconciled ||= await Promise.race([ready().catch(() => false), sleep(longestWaitMs, false, { ref: false })]);
    if (!isReconciled)
      throw noteWait(new DependencyUnavailable('reconciler'), {
        ...{ dependency: 'reconciler', limit: 'not yet at the head that the log had at the start' },
        waitedMs: performance.now() - askedAt,
      });
    next();
  };
};
