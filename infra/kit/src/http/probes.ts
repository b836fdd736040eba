import { Router } from 'express';
import type { Readiness } from '../readiness.js';

/** A check that cannot be made is a red one. */
const UNANSWERED: Readiness = { ready: false, checks: { readiness: 'down' } };

/** The two questions of an orchestrator: is the process alive, and may it take traffic. */
export const probes = (readiness: () => Promise<Readiness>, isStopping: () => boolean): Router => {
  const router = Router();
  router.get('/health/live', (_request, response) => {
    response.set('Cache-Control', 'no-store').json({ status: 'live' });
  });
  router.get('/health/ready', async (_request, response) => {
    const { ready, checks, lag } = await readiness().catch(() => UNANSWERED);
    const serving = ready && !isStopping();
    response
      .set('Cache-Control', 'no-store')
      .status(serving ? 200 : 503)
      .json({ status: serving ? 'ready' : isStopping() ? 'stopping' : 'not-ready', checks, lag });
  });
  return router;
};
