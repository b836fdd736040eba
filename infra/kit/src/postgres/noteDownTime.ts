import type pg from 'pg';
import { noteWait } from '../wait.js';
import { downReason, isDown } from './errors.js';

/** Notes on an error of an unavailable Postgres which database it was, why, and how long the caller waited. @returns the error */
export const noteDownTime = (error: unknown, pool: Pick<pg.Pool, 'options'>, startedAt: number): unknown => {
  if (!isDown(error)) return error;
  const { connectionString = '' } = pool.options;
  const database = URL.canParse(connectionString) ? new URL(connectionString).pathname : '';
  const waitedMs = performance.now() - startedAt;
  return noteWait(error, { dependency: `postgres${database}`, limit: downReason(error), waitedMs });
};
