import { silentLog } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import type pg from 'pg';

/** Longer than a busy machine stands still, and less than the time-out of a test. */
const PATIENCE_MS = 20_000;

/**
 * A pool of a test itself, which does not test how long a service waits.
 * @param max connections. @default 10
 */
export const patientPool = (url: string, max?: number): pg.Pool =>
  createPool({
    ...{ url, applicationName: 'test', log: silentLog },
    ...{ connectTimeoutMs: PATIENCE_MS, statementTimeoutMs: PATIENCE_MS },
    ...(max === undefined ? {} : { max }),
  });
