import { Router } from 'express';
import type { Readiness } from '../readiness.js';
import { withTimeout } from '../withTimeout.js';

/** The longest wait for all checks. Each of them has its own limit, so this one is for what is measured beside them. */
const READINESS_MS = 2_300;
/** The readiness when the check itself fails or takes too long. */
const CHECK_FAILED: Readiness = { ready: false, checks: { readiness: 'down' } };

/** So that asking often costs no more than asking once: the probes have no limit, and each check asks the engines. */
const KEPT_MS = 250;

/** Shares a check among all that ask while it is under way, and its result for a quarter of a second after its begin. */
const shared = (check: () => Promise<Readiness>): (() => Promise<Readiness>) => {
  let last: { result: Promise<Readiness>; begunAt: number; isDone: boolean } | undefined;
  return () => {
    if (last !== undefined && (!last.isDone || performance.now() - last.begunAt < KEPT_MS)) return last.result;
    const result = withTimeout(READINESS_MS, check()).catch(() => CHECK_FAILED);
    const begun = { result, begunAt: performance.now(), isDone: false };
    last = begun;
    void result.then(() => {
      begun.isDone = true;
    });
    return result;
  };
};

/** The probes of an orchestrator: liveness at `/health/live`, readiness at `/health/ready` (503 when not ready). */
export const probes = (readiness: () => Promise<Readiness>, isStopping: () => boolean): Router => {
  const router = Router();
  const check = shared(readiness);
  router.get('/health/live', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'live' });
  });
  router.get('/health/ready', async (_request, response) => {
    const { ready, checks, lag } = await check();
    const serving = ready && !isStopping();
    response
      .set('Cache-Control', 'no-store')
      .status(serving ? 200 : 503)
      .json({ status: serving ? 'ready' : isStopping() ? 'stopping' : 'not-ready', checks, lag });
  });
  return router;
};
