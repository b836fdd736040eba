import { silentLog } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import type pg from 'pg';
import { PATIENT_MS } from './patientMs.js';

/**
 * A pool of a test itself, which does not test how long a service waits.
 * @param max connections. @default 10
 */
export const patientPool = (url: string, max?: number): pg.Pool =>
  createPool({
    ...{ url, applicationName: 'test', log: silentLog },
    ...{ connectTimeoutMs: PATIENT_MS, statementTimeoutMs: PATIENT_MS },
    ...(max === undefined ? {} : { max }),
  });
