import type { Router } from 'express';

/** Whether a service may take traffic. `checks` names each dependency and whether it is up; lags are in positions or events. */
export interface Readiness {
  ready: boolean;
  checks: Record<string, 'up' | 'down' | 'behind'>;
  lag?: Record<string, number>;
}

/** A service without its process: `main.ts` gives it one, `start.ts` and tests run several in one. */
export interface RunningService {
  /** Routes below `API_PREFIX`, without body parser, 404 or error handler: the host adds them once. */
  router?: Router;
  readiness(): Promise<Readiness>;
  /** Stops accepting, finishes what is in flight, closes in reverse of opening. */
  close(): Promise<void>;
}
