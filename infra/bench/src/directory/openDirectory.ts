import { join } from 'node:path';
import { closers } from '@ums/kit/closers';
import { silentLog } from '@ums/kit/log';
import { guardedQuery, type Query } from '@ums/kit/postgres/guardedQuery';
import { migrate } from '@ums/kit/postgres/migrate';
import type pg from 'pg';
import { PATIENCE_MS, unhurriedPool } from '../load/unhurriedPool.js';

const MIGRATIONS = join(import.meta.dirname, '../../../../projector/migrations');

/** The read model of users, without a service. */
export interface Directory {
  pool: pg.Pool;
  /** As query-api sends its statements, but without its time limit. */
  query: Query;
  close(): Promise<void>;
}

/** @param url of an empty database, as a role that may create schemas */
export const openDirectory = async (url: string): Promise<Directory> => {
  const { onClose, close } = closers();
  await migrate({ url, dir: MIGRATIONS, schema: 'read', log: silentLog });
  const pool = unhurriedPool(url, 1);
  onClose(() => pool.end());
  await pool.query(
    `insert into read.checkpoint (name, position, log_id) values ('user_profile_v1', 0, gen_random_uuid())
     on conflict do nothing`,
  );
  return { pool, query: guardedQuery('read model', pool, PATIENCE_MS), close };
};
