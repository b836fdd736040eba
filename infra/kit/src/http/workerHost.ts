import express, { type ErrorRequestHandler, type Express } from 'express';
import type { Log } from '../log.js';
import { metricsText } from '../metrics.js';
import { exposeProcess } from '../processMetrics.js';
import type { Readiness } from '../readiness.js';
import { exposeReadiness } from '../readinessMetrics.js';
import { isStopping } from './listen.js';
import { probes } from './probes.js';

/** The express app for operators, served on METRICS_PORT by every process: `/health/live`, `/health/ready` and `/metrics`. */
export const createWorkerHost = ({ readiness }: { readiness: () => Promise<Readiness> }, log: Log): Express => {
  exposeProcess();
  exposeReadiness(readiness);
  const app = express();
  app.disable('x-powered-by');
  app.use(probes(readiness, () => isStopping(app)));
  app.get('/metrics', async (_request, response) => {
    const { contentType, text } = await metricsText();
    response.set('Content-Type', contentType).set('Cache-Control', 'no-store').end(text);
  });
  app.use(answerFailure(log));
  return app;
};

/** The default handler of express would show the message and stack of the error (H-04). */
const answerFailure =
  (log: Log): ErrorRequestHandler =>
  (error: unknown, request, response, _next) => {
    log.error('request failed', { method: request.method, error });
    response.status(500).end();
  };
