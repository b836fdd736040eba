import type { Router } from 'express';
import { withTimeout } from './withTimeout.js';

export type Check = 'up' | 'down' | 'behind';

/** Whether a service may take traffic. */
export interface Readiness {
  ready: boolean;
  /** The state of each dependency, by name. */
  checks: Record<string, Check>;
  /** In log positions or events. */
  lag?: Record<string, number>;
}

/** A started service, independent of its process: `main.ts` runs one per process, `start.ts` and tests several in one. */
export interface RunningService {
  /** Routes below the prefix of the API, without body parser, 404 or error handler, which the host adds. */
  router?: Router;
  readiness(): Promise<Readiness>;
  /** Stops accepting work, finishes what is in flight, then closes in reverse order of opening. */
  close(): Promise<void>;
}

/** Ready when every check is up. */
export const readinessOf = (checks: Record<string, Check>, lag?: Record<string, number>): Readiness => ({
  ready: Object.values(checks).every((check) => check === 'up'),
  checks,
  ...(lag === undefined ? {} : { lag }),
});

/** What has not answered by then, in ms, is down: the probe itself answers within 2.5 s (F-03). */
export const CHECK_MS = 2_000;

/** `up` when the promise resolves within two seconds, else `down`. Never rejects. */
export const upIfResolves = (reply: Promise<unknown>): Promise<Check> =>
  withTimeout(CHECK_MS, reply).then(
    () => 'up',
    () => 'down',
  );

/** `up` when it resolves to true within two seconds, `behind` when to false, else `down`. Never rejects. */
export const upOrBehind = (reply: Promise<boolean>): Promise<Check> =>
  withTimeout(CHECK_MS, reply).then(
    (isUp) => (isUp ? 'up' : 'behind'),
    () => 'down',
  );

export const upIf = (condition: boolean): Check => (condition ? 'up' : 'down');
