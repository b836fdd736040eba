import type { Router } from 'express';

export type Check = 'up' | 'down' | 'behind';

/** Whether a service may take traffic. `checks` names each dependency and whether it is up; lags are in positions or events. */
export interface Readiness {
  ready: boolean;
  checks: Record<string, Check>;
  lag?: Record<string, number>;
}

/** A service without its process: `main.ts` gives it one, `start.ts` and tests run several in one. */
export interface RunningService {
  /** Routes below the API's prefix, without body parser, 404 or error handler: the host adds them once. */
  router?: Router;
  readiness(): Promise<Readiness>;
  /** Stops accepting, finishes what is in flight, closes in reverse of opening. */
  close(): Promise<void>;
}

/** Ready when every check is up. */
export const readinessOf = (checks: Record<string, Check>, lag?: Record<string, number>): Readiness => ({
  ready: Object.values(checks).every((check) => check === 'up'),
  checks,
  ...(lag === undefined ? {} : { lag }),
});

/** `down` when the dependency does not answer. Never rejects. */
export const answered = (asked: Promise<unknown>): Promise<Check> =>
  asked.then(
    () => 'up',
    () => 'down',
  );

export const upIf = (condition: boolean): Check => (condition ? 'up' : 'down');
