import express, { type Express } from 'express';
import { metricsText } from '../metrics.js';
import type { Readiness } from '../runningService.js';
import { isStopping } from './listen.js';
import { probes } from './probes.js';

/** What a process without an API serves on METRICS_PORT: `/health/live`, `/health/ready` and `/metrics`. */
export const createWorkerHost = ({ readiness }: { readiness: () => Promise<Readiness> }): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.use(probes(readiness, () => isStopping(app)));
  app.get('/metrics', async (_request, response) => {
    const { contentType, text } = await metricsText();
    response.set('Content-Type', contentType).set('Cache-Control', 'no-store').end(text);
  });
  return app;
};
