import { Router } from 'express';
import type { Readiness } from '../readiness.js';
import { withTimeout } from '../withTimeout.js';

/** The longest wait for all checks. Each of them has its own limit, so this one is for what is measured beside them. */
const READINESS_MS = 2_300;
/** The readiness when the check itself fails or takes too long. */
const CHECK_FAILED: Readiness = { ready: false, checks: { readiness: 'down' } };

/** The probes of an orchestrator: liveness at `/health/live`, readiness at `/health/ready` (503 when not ready). */
export const probes = (readiness: () => Promise<Readiness>, isStopping: () => boolean): Router => {
  const router = Router();
  router.get('/health/live', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'live' });
  });
  router.get('/health/ready', async (_request, response) => {
    const { ready, checks, lag } = await withTimeout(READINESS_MS, readiness()).catch(() => CHECK_FAILED);
    const serving = ready && !isStopping();
    response
      .set('Cache-Control', 'no-store')
      .status(serving ? 200 : 503)
      .json({ status: serving ? 'ready' : isStopping() ? 'stopping' : 'not-ready', checks, lag });
  });
  return router;
};
