import { Router } from 'express';
import type { Readiness } from '../readiness.js';

/** The readiness when the check itself fails. */
const CHECK_FAILED: Readiness = { ready: false, checks: { readiness: 'down' } };

/** The probes of an orchestrator: liveness at `/health/live`, readiness at `/health/ready` (503 when not ready). */
export const probes = (readiness: () => Promise<Readiness>, isStopping: () => boolean): Router => {
  const router = Router();
  router.get('/health/live', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'live' });
  });
  router.get('/health/ready', async (_request, response) => {
    const { ready, checks, lag } = await readiness().catch(() => CHECK_FAILED);
    const serving = ready && !isStopping();
    response
      .set('Cache-Control', 'no-store')
      .status(serving ? 200 : 503)
      .json({ status: serving ? 'ready' : isStopping() ? 'stopping' : 'not-ready', checks, lag });
  });
  return router;
};
