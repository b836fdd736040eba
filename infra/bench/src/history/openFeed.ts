import { join } from 'node:path';
import { AUDIT_EVENT_PROJECTION } from '@ums/contracts/audit/auditEvent';
import { closers } from '@ums/kit/closers';
import { silentLog } from '@ums/kit/log';
import { guardedQuery, type Query } from '@ums/kit/postgres/guardedQuery';
import { migrate } from '@ums/kit/postgres/migrate';
import { feedPool } from '@ums/query-api/audit/feedPool';
import type pg from 'pg';
import { PATIENCE_MS } from '../load/unhurriedPool.js';

const MIGRATIONS = join(import.meta.dirname, '../../../../projector/migrations');

/** The feed of events, without a service. */
export interface Feed {
  pool: pg.Pool;
  /** As query-api sends its statements, but without its time limit. */
  query: Query;
  close(): Promise<void>;
}

/** @param url of a database, as a role that may create schemas */
export const openFeed = async (url: string): Promise<Feed> => {
  const { onClose, close } = closers();
  await migrate({ url, dir: MIGRATIONS, schema: 'read', log: silentLog });
  const pool = feedPool(url, silentLog, { max: 1, statementTimeoutMs: PATIENCE_MS, connectTimeoutMs: PATIENCE_MS });
  onClose(() => pool.end());
  await pool.query({
    name: 'begin-feed',
    text: `insert into read.checkpoint (name, position, log_id) values ($1, 0, gen_random_uuid()) on conflict do nothing`,
    values: [AUDIT_EVENT_PROJECTION],
  });
  return { pool, query: guardedQuery('read model', pool, PATIENCE_MS), close };
};
