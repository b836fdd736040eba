import { silentLog } from '@ums/kit/log';
import { createPool } from '@ums/kit/postgres/pool';
import type pg from 'pg';

/** Longer than anything that the bench does. */
export const PATIENCE_MS = 600_000;

/** A pool whose connections and statements may take as long as they need: the bench measures costs, and no time limit. */
export const unhurriedPool = (url: string, max: number): pg.Pool =>
  createPool({
    ...{ url, applicationName: 'bench', max, log: silentLog },
    ...{ statementTimeoutMs: PATIENCE_MS, connectTimeoutMs: PATIENCE_MS },
  });
